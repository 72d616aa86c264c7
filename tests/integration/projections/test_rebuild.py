from __future__ import annotations

import threading
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, inspect, text, update

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.read_model import ReadModel
from countersign.aggregates.read_model_builds import Promote
from countersign.aggregates.report.recipient import Recipient
from countersign.aggregates.role import Role
from countersign.eventstore.leases import Leases
from countersign.projections.building.builds import Build, Status
from countersign.projections.building.placing import Placed
from countersign.projections.building.schema import create, drop
from countersign.projections.catalogue import PROJECTIONS, UnknownProjection, projection_named
from countersign.projections.following import positions
from countersign.projections.following.freshness import Freshness
from countersign.projections.following.runner import Runner
from countersign.projections.letters import dead_letters
from countersign.projections.letters.dead_letters import Count
from countersign.projections.orders.control import Control
from countersign.projections.reports.report_register import register
from countersign.projections.reports.report_register_queries import report, reports
from tests.integration.projections.conftest import MakeRunner
from tests.integration.projections.counted import counting
from tests.integration.projections.desk import Desk
from tests.integration.projections.journal import ENGINEER, MANAGER
from tests.integration.projections.machine import tell_of_the_machine
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


def tables_there(story: Story) -> set[str]:
    with story.databases.read.read() as connection:
        return set(inspect(connection).get_table_names())


def test_dropped_tables_are_made_again_as_they_were(
    story: Story, runner: Runner, make_runner: MakeRunner
) -> None:
    whole_job(story)
    disposable = whole_job(story)
    story.archived(disposable)
    story.held(disposable)
    tell_of_the_machine(story, 1400)
    runner.catch_up()
    before = contents(story.databases.read)
    assert not [name for name, rows in before.items() if not rows and not name.startswith("saved_searches")]
    runner.release()
    drop(story.databases.read, PROJECTIONS)
    create(story.databases.read, PROJECTIONS)
    assert not any(contents(story.databases.read).values())
    make_runner("next", batch_size=7).catch_up()
    assert contents(story.databases.read) == before


def test_every_projection_is_rebuilt_as_it_was_and_goes_on(
    story: Story, make_runner: MakeRunner, desk: Desk
) -> None:
    whole_job(story)
    tell_of_the_machine(story, 1400)
    runner = make_runner()
    runner.catch_up()
    before = contents(story.databases.read)
    for projection in PROJECTIONS:
        rebuilt = desk.rebuild(projection)
        assert rebuilt.status is Status.LIVE, projection.name
        assert rebuilt.report is not None
        assert rebuilt.report["different"] == 0, projection.name
        shown = sum(len(before[projection.view_name(table)]) for table in projection.tables)
        assert rebuilt.report["rows"] == shown, projection.name
    assert contents(story.databases.read) == before
    new = story.report(number="afterwards")
    runner.release()
    make_runner("next").catch_up()
    assert report(story.databases.read, new) is not None
    assert [different(desk.rebuild(projection)) for projection in PROJECTIONS] == [0] * len(PROJECTIONS)


def different(build: Build) -> int | None:
    assert build.report is not None
    found: int | None = build.report["different"]
    return found


def test_a_rebuild_tells_its_progress(story: Story, runner: Runner, desk: Desk) -> None:
    whole_job(story)
    runner.catch_up()
    head = story.log.head()
    told: list[tuple[int, int, float]] = []
    desk.rebuild(REGISTER, lambda *progress: told.append(progress))
    assert [done for done, _, _ in told] == [*range(10, head, 10), head]
    assert {total for _, total, _ in told} == {head}
    assert all(rate > 0 for _, _, rate in told)


def test_rows_that_were_wrong_are_reported_and_kept_until_it_is_decided(
    story: Story, runner: Runner, desk: Desk
) -> None:
    for number in range(3):
        story.report(number=str(number), title="Pumps")
    runner.catch_up()
    change_a_title(story)
    rebuilt = desk.rebuild(REGISTER)
    assert (rebuilt.status, different(rebuilt)) == (Status.FOLLOWING, 3)
    assert "3 rows differ" in str(rebuilt.note)
    assert rebuilt.report is not None
    sample = rebuilt.report["tables"]["report_register_v1"]["sample"]
    assert [one["before"] for one in sample] == [{"title": "(8 characters)"}] * 3
    assert [one["after"] for one in sample] == [{"title": "(5 characters)"}] * 3
    assert {row.title for row in reports(story.databases.read).rows} == {"Tampered"}
    desk.order("report_register", ReadModel.PromotionOrdered, build=2, keep=False)
    assert desk.builder.bring("report_register", 2).status is Status.LIVE
    assert {row.title for row in reports(story.databases.read).rows} == {"Pumps"}


def test_a_build_that_is_to_be_shown_in_any_case_is(story: Story, runner: Runner, desk: Desk) -> None:
    story.report(title="Pumps")
    runner.catch_up()
    change_a_title(story)
    rebuilt = desk.rebuild(REGISTER, promote=Promote.ALWAYS)
    assert (rebuilt.status, different(rebuilt)) == (Status.LIVE, 1)


def test_a_rebuild_brings_lost_tables_back(story: Story, runner: Runner, desk: Desk) -> None:
    story.report()
    runner.catch_up()
    with story.databases.read.write() as connection:
        connection.execute(text("DROP VIEW report_register"))
        connection.execute(text("DROP TABLE report_register_v1"))
    rebuilt = desk.rebuild(REGISTER)
    assert (rebuilt.status, rebuilt.report) == (
        Status.LIVE,
        {
            "position": 1,
            "rows": 1,
            "different": None,
            "tables": {},
            "why": "the tables that readers see are gone",
        },
    )
    assert len(reports(story.databases.read).rows) == 1


def test_a_projection_of_which_nothing_is_left_is_made_again(
    story: Story, desk: Desk, freshness: Freshness
) -> None:
    whole_job(story)
    drop(story.databases.read, PROJECTIONS)
    rebuilt = desk.rebuild(REGISTER)
    assert (rebuilt.build, rebuilt.status, different(rebuilt)) == (2, Status.LIVE, None)
    assert freshness.as_of("report_register") == story.log.head()


def test_a_projection_that_never_ran_is_built_up_to_the_head(
    story: Story, desk: Desk, freshness: Freshness
) -> None:
    whole_job(story)
    rebuilt = desk.rebuild(REGISTER)
    assert rebuilt.report is not None
    assert rebuilt.report["why"] == "what readers see was never begun"
    assert freshness.as_of("report_register") == rebuilt.shown_from
    assert len(reports(story.databases.read).rows) == 2


def test_a_runner_that_begins_during_a_rebuild_goes_on_from_where_it_ends(
    story: Story, make_runner: MakeRunner, desk: Desk
) -> None:
    for number in range(25):
        story.report(number=str(number))
    stop = threading.Event()
    following = threading.Thread(target=make_runner(batch_size=3).run, args=(stop,))

    def start_at_once(*_: float) -> None:
        if following.ident is None:
            following.start()

    try:
        assert desk.rebuild(REGISTER, start_at_once).status is Status.LIVE
    finally:
        stop.set()
        following.join()
    story.report(number="afterwards")
    make_runner("next").catch_up()
    assert len(reports(story.databases.read, limit=100).rows) == 26
    assert different(desk.rebuild(REGISTER)) == 0


def test_what_nobody_moves_any_more_is_not_waited_for(
    story: Story, make_runner: MakeRunner, desk: Desk
) -> None:
    for number in range(25):
        story.report(number=str(number))
    short_lived = make_runner(batch_size=3)

    def begin_and_end(*_: float) -> None:
        if Leases(desk.read).acquire("begun", "once", 60):
            short_lived.step()
            short_lived.release()

    rebuilt = desk.rebuild(REGISTER, begin_and_end)
    assert rebuilt.status is Status.LIVE
    assert rebuilt.report is not None
    assert rebuilt.report["why"] == "what readers see stands at position 3, and nobody moves it"
    assert len(reports(story.databases.read, limit=100).rows) == 25


def test_a_new_version_takes_over_from_the_old_one(story: Story, make_runner: MakeRunner, desk: Desk) -> None:
    create(story.databases.read, [counting(1)])
    story.report()
    old = make_runner(projections=[counting(1)])
    old.catch_up()
    newer = counting(2)
    rebuilt = desk.rebuild(newer)
    assert (rebuilt.version, rebuilt.status, rebuilt.tables) == (2, Status.LIVE, ["counted_v2"])
    assert rebuilt.report is not None
    assert rebuilt.report["why"] == "readers see version 1, this is version 2"
    story.report()
    make_runner("new", projections=[newer]).catch_up()
    assert ("report.created", 2, 3) in contents(story.databases.read, [newer])["counted"]


def test_a_build_of_a_version_that_this_program_does_not_know_is_left_to_those_that_do(
    story: Story, desk: Desk
) -> None:
    create(story.databases.read, [counting(1)])
    number = desk.order_rebuild(counting(2))
    waiting = desk.new_builder([counting(1)]).bring("counted", number)
    assert waiting.status is Status.BUILDING
    assert "version 2" in str(waiting.note)
    assert desk.new_builder([counting(2)]).bring("counted", number).status is Status.LIVE


def test_a_projection_that_failed_goes_on_after_its_rebuild(
    story: Story, make_runner: MakeRunner, desk: Desk
) -> None:
    create(story.databases.read, [counting()])
    story.section_saved(story.report(), "alarms", [])
    with story.databases.read.write() as connection:
        held = positions.claim(connection, ("counted", 1, 0), 1, "first")
        positions.fail(connection, held, 1, "ValueError: no", "ValueError")
    rebuilt = desk.rebuild(counting())
    assert rebuilt.report is not None
    assert (rebuilt.status, rebuilt.report["why"]) == (Status.LIVE, "what readers see has stopped")
    make_runner("mended", projections=[counting()]).catch_up()
    with story.databases.read.read() as connection:
        mended = positions.load(connection)["counted", 2, 0]
    assert (mended.position, mended.state) == (story.log.head(), "running")


def test_a_rebuild_that_meets_a_bad_event_parks_it_and_leaves_the_live_tables(
    story: Story, make_runner: MakeRunner, desk: Desk
) -> None:
    create(story.databases.read, [counting()])
    for number in range(20):
        story.section_saved(story.report(number=str(number)), "alarms" if number == 3 else "pumps", [])
    make_runner(projections=[counting()]).catch_up()
    before = contents(story.databases.read, [counting()])
    rebuilt = desk.rebuild(counting(poison="alarms"))
    assert (rebuilt.status, different(rebuilt)) == (Status.FOLLOWING, 1)
    with story.databases.read.read() as connection:
        assert dead_letters.counts(connection, ["counted"]) == {("counted", 2, 0): Count(1, 0)}
    assert contents(story.databases.read, [counting()]) == before
    desk.order("counted", ReadModel.RebuildCancelled, build=2)
    assert different(desk.rebuild(counting())) == 0


def test_a_build_that_cannot_go_on_says_why_and_waits_until_it_is_resumed(
    story: Story, make_runner: MakeRunner, desk: Desk
) -> None:
    create(story.databases.read, [counting()])
    story.report()
    make_runner(projections=[counting()]).catch_up()
    stopped = desk.rebuild(replace(counting(), dress=no_dress))
    assert stopped.status is Status.INDEXING
    assert "it stopped: " in str(stopped.note)
    assert "no_such_table" in str(stopped.note)
    assert desk.new_builder([counting()]).bring("counted", 2).status is Status.INDEXING
    desk.order("counted", ReadModel.Resumed)
    assert desk.new_builder([counting()]).bring("counted", 2).status is Status.LIVE


def no_dress(connection: Connection, _placed: Placed) -> None:
    connection.execute(text("CREATE INDEX needless ON no_such_table (x)"))


def test_a_rebuild_while_the_service_works_loses_nothing(
    story: Story, make_runner: MakeRunner, desk: Desk, freshness: Freshness
) -> None:
    whole_job(story)
    stop = threading.Event()
    runner = make_runner(lease_ttl_s=0.9)
    following = threading.Thread(target=runner.run, args=(stop,))
    telling = threading.Thread(target=lambda: [story.report(number=str(n)) for n in range(60)])
    following.start()
    try:
        assert freshness.wait_for(1, timeout_s=20)
        telling.start()
        rebuilt = [different(desk.rebuild(projection)) for projection in PROJECTIONS[:4]]
        telling.join()
        assert freshness.wait_for(story.log.head(), timeout_s=20)
    finally:
        stop.set()
        following.join()
    assert rebuilt == [0] * 4
    assert len(reports(story.databases.read, limit=100).rows) == 62
    assert different(desk.rebuild(REGISTER)) == 0


def test_a_build_that_another_process_makes_is_watched(story: Story, runner: Runner, desk: Desk) -> None:
    whole_job(story)
    runner.catch_up()
    number = desk.order_rebuild(REGISTER)
    told: list[float] = []
    lease = Leases(story.databases.read).acquire("projection:report_register:2:0", "somebody", 30)
    assert lease is not None

    def watched_for_a_while(*_: float) -> None:
        told.append(0)
        if len(told) == 3:
            Leases(story.databases.read).release(lease)

    assert desk.builder.bring("report_register", number, watched_for_a_while).status is Status.LIVE
    assert len(told) > 3


def test_a_builder_that_lost_its_lease_leaves_the_build_to_the_next(
    story: Story, runner: Runner, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    whole_job(story)
    runner.catch_up()
    before = contents(story.databases.read)
    number, taken = desk.order_rebuild(REGISTER), list[int]()

    def lose_it(*_: float) -> None:
        if not taken:
            with story.databases.read.write() as connection:
                connection.execute(text("UPDATE leases SET expires_at = 0 WHERE role LIKE '%register:2:%'"))
                place = ("report_register", 2, 0)
                taken.append(positions.claim(connection, place, 9, "another").position)

    with caplog.at_level("WARNING"):
        rebuilt = desk.builder.bring("report_register", number, lose_it, lambda: bool(taken))
    assert "is left alone" in caplog.text
    assert rebuilt.status is Status.BUILDING
    with story.databases.read.write() as connection:
        connection.execute(text("UPDATE leases SET fence = 9 WHERE role LIKE '%register:2:%'"))
    assert different(desk.builder.bring("report_register", number)) == 0
    assert contents(story.databases.read) == before


def test_a_rebuild_can_be_cancelled_at_any_step(story: Story, runner: Runner, desk: Desk) -> None:
    whole_job(story)
    runner.catch_up()
    before, there = contents(story.databases.read), tables_there(story)

    def cancel(*_: float) -> None:
        if desk.build("report_register", 2).status is not Status.CANCELLED:
            desk.order("report_register", ReadModel.RebuildCancelled, build=2)
            control_of(desk).obey()

    cancelled = desk.rebuild(REGISTER, cancel)
    desk.builder.tidy()
    assert (cancelled.status, contents(story.databases.read)) == (Status.CANCELLED, before)
    assert tables_there(story) == there
    assert desk.rebuild(REGISTER).build == 3


def control_of(desk: Desk) -> Control:
    journal = desk.journal
    return Control(journal.log, journal.store.mapper.happened, desk.read, PROJECTIONS)


def test_the_replaced_build_follows_and_can_be_shown_again_at_once(
    story: Story, make_runner: MakeRunner, desk: Desk
) -> None:
    story.report(title="Pumps")
    runner = make_runner(lease_ttl_s=0)
    runner.catch_up()
    desk.rebuild(REGISTER, keep=True)
    story.report(number="SAT-2", title="Valves")
    runner.catch_up()
    assert [build.status for build in desk.builds("report_register")] == [Status.FOLLOWING, Status.LIVE]
    desk.order("report_register", ReadModel.RollbackOrdered, build=1)
    assert desk.builder.bring("report_register", 1).status is Status.LIVE
    assert {row.title for row in reports(story.databases.read).rows} == {"Pumps", "Valves"}
    assert desk.build("report_register", 2).status is Status.FOLLOWING
    assert [(build.build, build.replaces) for build in desk.announced] == [(2, 1), (1, 2)]


def test_a_kept_build_is_dropped_when_its_time_is_over_or_when_it_is_ordered(
    story: Story, runner: Runner, desk: Desk
) -> None:
    runner.catch_up()
    impatient = Desk(story, keep_replaced_h=0)
    impatient.rebuild(REGISTER, keep=True)
    impatient.builder.tidy()
    assert desk.build("report_register", 1).status is Status.RETIRED
    desk.rebuild(REGISTER, keep=True)
    assert desk.build("report_register", 2).status is Status.FOLLOWING
    desk.order("report_register", ReadModel.RetirementOrdered, build=2)
    desk.builder.tidy()
    assert desk.build("report_register", 2).status is Status.RETIRED
    with desk.read.read() as connection:
        held = connection.scalars(
            text("SELECT role FROM leases WHERE role LIKE 'projection:report_register:%'")
        )
        assert not {
            role
            for role in held
            if role.startswith(("projection:report_register:1:", "projection:report_register:2:"))
        }
    kept = {name for name in tables_there(story) if name.startswith("report_register")}
    assert kept == set(desk.live("report_register").tables)


def test_the_indexes_of_a_rebuilt_table_are_those_of_a_new_one(
    story: Story, runner: Runner, desk: Desk
) -> None:
    def indexes(table: str) -> set[tuple[object, ...]]:
        with story.databases.read.read() as connection:
            found = inspect(connection).get_indexes(table)
        return {(str(one["name"]).removeprefix(table), *one["column_names"]) for one in found}

    before = indexes(register.name)
    runner.catch_up()
    desk.rebuild(REGISTER)
    assert indexes(f"{register.name}_b2") == before


def test_an_unknown_projection_is_named_with_those_there_are() -> None:
    with pytest.raises(UnknownProjection, match="audit_log"):
        projection_named("audit")
