from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import inspect, text, update

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.report.recipient import Recipient
from countersign.aggregates.role import Role
from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.leases import Leases
from countersign.eventstore.open_wakeups import open_wakeups
from countersign.projections import builds, positions
from countersign.projections.catalogue import PROJECTIONS, UnknownProjection, projection_named
from countersign.projections.freshness import Freshness
from countersign.projections.projection import Projection
from countersign.projections.rebuild import Rebuilder, RebuildUnderWay, Rebuilt
from countersign.projections.report_register import register
from countersign.projections.report_register_queries import report, reports
from countersign.projections.runner import Runner
from countersign.projections.schema import create, drop
from tests.integration.projections.conftest import MakeRunner
from tests.integration.projections.counted import counting
from tests.integration.projections.journal import ENGINEER, MANAGER
from tests.integration.projections.story import CLIENT, Story, identity_of
from tests.integration.projections.tables import contents

REGISTER = projection_named("report_register")


def whole_job(story: Story) -> UUID:
    """A report from its first draft to the mail that takes it to the client."""
    if not story.versions[ENGINEER]:
        story.account(ENGINEER, "Ann", Role.ENGINEER)
        story.account(MANAGER, "Max", Role.TECHNICAL_MANAGER)
    story.session(uuid4())
    story.api_client(str(uuid4()))
    story.refused()
    job = story.report(number=str(uuid4()))
    story.section_saved(job, "alarms", [{"id": "1", "result": ""}, {"id": "2", "result": "pass"}])
    story.tested(job, "alarms", "1", "", "fail", comment="no alarm")
    story.submitted(job)
    story.mail_sent(story.mail(story.stage_opened(job), identity_of(MANAGER)))
    story.changes_requested(job)
    story.header_changed(job, document_title=("Pumping station", "Pumps"))
    story.submitted(job)
    story.stage_opened(job)
    story.stage_approved(job)
    story.approved(job)
    final = story.rendering(job)
    story.rendered(final)
    story.rendering_failed(story.rendering(job), final=True)
    cause = story.issued(job, final, (Recipient(CLIENT, "Cleo Client", "cleo@example.com"),))
    story.mail_sent(story.mail(cause, CLIENT, EmailPurpose.REVISION_ISSUED_CLIENT))
    waiting = story.report(number=str(uuid4()))
    story.submitted(waiting)
    story.stage_opened(waiting)
    return job


def change_a_title(story: Story) -> None:
    with story.databases.read.write() as connection:
        connection.execute(update(register).values(title="Tampered"))


def left_beside(story: Story) -> list[str]:
    with story.databases.read.read() as connection:
        unfinished = builds.load(connection, None, [builds.Status.BUILDING, builds.Status.CANCELLED])
        there = set(inspect(connection).get_table_names())
        return [name for build in unfinished for name in build.tables if name in there]


def rebuild_in_place_of(story: Story, projection: Projection) -> Rebuilt:
    """What another process does when the one that began has paused for longer than its lease lasts."""
    read = story.databases.read
    with read.write() as connection:
        connection.execute(text("UPDATE leases SET expires_at = 0 WHERE role LIKE 'rebuild:%'"))
    return Rebuilder(story.log, story.store.mapper.happened, read, Leases(read), "another").rebuild(
        projection
    )


def test_dropped_tables_are_made_again_as_they_were(
    story: Story, runner: Runner, make_runner: MakeRunner
) -> None:
    whole_job(story)
    whole_job(story)
    runner.catch_up()
    before = contents(story.databases.read)
    assert all(before.values())
    runner.release()
    drop(story.databases.read, PROJECTIONS)
    create(story.databases.read, PROJECTIONS)
    assert not any(contents(story.databases.read).values())
    make_runner("next", batch_size=7).catch_up()
    assert contents(story.databases.read) == before


@pytest.mark.parametrize("projection", PROJECTIONS, ids=lambda projection: projection.name)
def test_every_projection_is_rebuilt_as_it_was_and_goes_on(
    story: Story, runner: Runner, rebuilder: Rebuilder, projection: Any
) -> None:
    whole_job(story)
    runner.catch_up()
    before = contents(story.databases.read)
    rebuilt = rebuilder.rebuild(projection)
    assert (rebuilt.position, rebuilt.different) == (story.log.head(), 0)
    assert rebuilt.rows == sum(len(before[projection.view_name(table)]) for table in projection.tables)
    assert contents(story.databases.read) == before
    new = story.report(number="afterwards")
    runner.catch_up()
    found = report(story.databases.read, new)
    assert found is not None
    assert rebuilder.rebuild(projection).different == 0


def test_a_rebuild_tells_its_progress(story: Story, runner: Runner, rebuilder: Rebuilder) -> None:
    whole_job(story)
    runner.catch_up()
    told: list[tuple[int, int, float]] = []
    rebuilder.rebuild(REGISTER, lambda *progress: told.append(progress))
    head = story.log.head()
    assert [done for done, _, _ in told] == [*range(10, head, 10), head]
    assert {total for _, total, _ in told} == {head}
    assert all(rate > 0 for _, _, rate in told)


def test_a_rebuild_counts_the_rows_that_were_wrong_and_mends_them(
    story: Story, runner: Runner, rebuilder: Rebuilder
) -> None:
    for number in range(3):
        story.report(number=str(number), title="Pumps")
    runner.catch_up()
    change_a_title(story)
    assert rebuilder.rebuild(REGISTER).different == 3
    assert {row.title for row in reports(story.databases.read).rows} == {"Pumps"}


def test_a_rebuild_brings_lost_tables_back(story: Story, runner: Runner, rebuilder: Rebuilder) -> None:
    story.report()
    runner.catch_up()
    with story.databases.read.write() as connection:
        connection.execute(text("DROP VIEW report_register"))
        connection.execute(text("DROP TABLE report_register_v1"))
    rebuilt = rebuilder.rebuild(REGISTER)
    assert (rebuilt.position, rebuilt.different) == (1, None)
    assert len(reports(story.databases.read).rows) == 1


def test_a_projection_that_never_ran_is_built_up_to_the_head(
    story: Story, rebuilder: Rebuilder, freshness: Freshness
) -> None:
    whole_job(story)
    assert rebuilder.rebuild(REGISTER).position == story.log.head()
    assert freshness.as_of("report_register") == story.log.head()


def test_a_runner_that_begins_during_a_rebuild_goes_on_from_where_it_ends(
    story: Story, make_runner: MakeRunner, rebuilder: Rebuilder
) -> None:
    for number in range(25):
        story.report(number=str(number))
    started: list[Runner] = []

    def start_at_once(*_: float) -> None:
        if not started:
            started.append(make_runner(batch_size=3))
            started[0].step()

    rebuilt = rebuilder.rebuild(REGISTER, start_at_once)
    assert (rebuilt.position, rebuilt.different) == (25, None)
    story.report()
    started[0].catch_up()
    assert len(reports(story.databases.read).rows) == 26
    assert rebuilder.rebuild(REGISTER).different == 0


def test_a_new_version_takes_over_from_the_old_one(
    story: Story, make_runner: MakeRunner, rebuilder: Rebuilder
) -> None:
    create(story.databases.read, [counting(1)])
    story.report()
    make_runner(projections=[counting(1)]).catch_up()
    newer = counting(2)
    rebuilt = rebuilder.rebuild(newer)
    assert (rebuilt.version, rebuilt.position, rebuilt.different) == (2, 1, None)
    with story.databases.read.write() as connection:
        connection.execute(text("UPDATE leases SET expires_at = 0"))
    story.report()
    make_runner("new", projections=[newer]).catch_up()
    assert contents(story.databases.read, [newer])["counted"] == [("report.created", 2, 2)]


def test_a_projection_that_failed_goes_on_after_its_rebuild(
    story: Story, make_runner: MakeRunner, rebuilder: Rebuilder
) -> None:
    create(story.databases.read, [counting()])
    story.section_saved(story.report(), "alarms", [])
    make_runner(projections=[counting(poison="alarms")], lease_ttl_s=0).catch_up()
    assert rebuilder.rebuild(counting()).different == 0
    make_runner("mended", projections=[counting()]).catch_up()
    with story.databases.read.read() as connection:
        mended = positions.load(connection)["counted", 2, 0]
    assert (mended.position, mended.state) == (2, "running")


def test_a_rebuild_that_meets_a_bad_event_leaves_the_live_tables(
    story: Story, make_runner: MakeRunner, rebuilder: Rebuilder
) -> None:
    create(story.databases.read, [counting()])
    story.section_saved(story.report(), "alarms", [])
    make_runner(projections=[counting()]).catch_up()
    before = contents(story.databases.read, [counting()])
    with pytest.raises(ValueError, match="alarms cannot be counted"):
        rebuilder.rebuild(counting(poison="alarms"))
    assert contents(story.databases.read, [counting()]) == before
    assert left_beside(story) == []
    assert rebuilder.rebuild(counting()).different == 0


def test_a_rebuild_while_the_service_works_loses_nothing(
    story: Story, runner: Runner, rebuilder: Rebuilder, freshness: Freshness
) -> None:
    whole_job(story)
    stop = threading.Event()
    following = threading.Thread(target=runner.run, args=(stop,))
    telling = threading.Thread(target=lambda: [story.report(number=str(n)) for n in range(60)])
    following.start()
    telling.start()
    try:
        assert freshness.wait_for(1, timeout_s=20)
        rebuilt = [rebuilder.rebuild(projection).different for projection in PROJECTIONS]
        telling.join()
        assert freshness.wait_for(story.log.head(), timeout_s=20)
    finally:
        stop.set()
        following.join()
    assert rebuilt == [0] * len(PROJECTIONS)
    assert len(reports(story.databases.read, limit=100).rows) == 62
    assert rebuilder.rebuild(REGISTER).different == 0


def test_a_projection_is_rebuilt_by_one_at_a_time(story: Story, rebuilder: Rebuilder) -> None:
    lease = Leases(story.databases.read).acquire("rebuild:report_register", "somebody", 30)
    assert lease is not None
    with pytest.raises(RebuildUnderWay):
        rebuilder.rebuild(REGISTER)
    Leases(story.databases.read).release(lease)
    assert rebuilder.rebuild(REGISTER).position == 0


def test_a_rebuild_that_lost_its_lease_gives_way_to_the_next(
    story: Story, runner: Runner, rebuilder: Rebuilder
) -> None:
    whole_job(story)
    runner.catch_up()
    before = contents(story.databases.read)
    rebuilt: list[Rebuilt] = []

    def pause_at_once(*_: float) -> None:
        if not rebuilt:
            rebuilt.append(rebuild_in_place_of(story, REGISTER))

    with pytest.raises(RebuildUnderWay, match="another took its place"):
        rebuilder.rebuild(REGISTER, pause_at_once)
    assert (rebuilt[0].position, rebuilt[0].different) == (story.log.head(), 0)
    assert contents(story.databases.read) == before
    assert left_beside(story) == []


def test_a_rebuild_that_lost_its_lease_leaves_the_tables_of_the_next(
    story: Story, runner: Runner, rebuilder: Rebuilder
) -> None:
    whole_job(story)
    runner.catch_up()

    def pause(*_: float) -> None:
        with story.databases.read.write() as connection:
            connection.execute(text("UPDATE leases SET expires_at = 0 WHERE role LIKE 'rebuild:%'"))
        Leases(story.databases.read).acquire("rebuild:report_register", "another", 30)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        rebuilder.rebuild(REGISTER, pause)
    assert set(left_beside(story)) == {f"{table.name}_b2" for table in REGISTER.tables}


@pytest.mark.postgres
def test_the_exchange_of_tables_takes_as_long_as_it_needs(postgres_url: str) -> None:
    hurried = Databases(DatabaseOptions(url=postgres_url, statement_timeout_ms=1_000, lock_timeout_ms=9_000))
    wakeups = open_wakeups(hurried)
    story = Story(hurried, wakeups)
    story.create_tables()
    story.report()
    read = hurried.read
    Rebuilder(story.log, story.store.mapper.happened, read, Leases(read), "first").rebuild(REGISTER)
    with ThreadPoolExecutor(1) as elsewhere:
        with read.write() as connection:
            connection.execute(text("LOCK TABLE report_register_v1_b2"))  # the comparison waits for it
            rebuilt = elsewhere.submit(
                Rebuilder(story.log, story.store.mapper.happened, read, Leases(read), "next").rebuild,
                REGISTER,
            )
            connection.execute(text("SELECT pg_sleep(0.9)"))
            connection.execute(text("SELECT pg_sleep(0.9)"))
        assert rebuilt.result(20).different == 0
    wakeups.close()
    hurried.close()


def test_the_indexes_of_a_rebuilt_table_are_those_of_a_new_one(
    story: Story, runner: Runner, rebuilder: Rebuilder
) -> None:
    def indexes(table: str) -> set[tuple[object, ...]]:
        with story.databases.read.read() as connection:
            found = inspect(connection).get_indexes(table)
        return {(str(one["name"]).removeprefix(table), *one["column_names"]) for one in found}

    before = indexes(register.name)
    runner.catch_up()
    rebuilder.rebuild(REGISTER)
    assert indexes(f"{register.name}_b2") == before


def test_an_unknown_projection_is_named_with_those_there_are() -> None:
    with pytest.raises(UnknownProjection, match="audit_log"):
        projection_named("audit")
