"""Read tables are made again beside the live ones, compared and shown."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import text

from countersign.aggregates.read_model import ReadModel
from countersign.aggregates.read_model_builds import Promote
from countersign.projections.building.builds import Status
from countersign.projections.building.schema import create, drop
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following import positions
from countersign.projections.following.freshness import Freshness
from countersign.projections.following.runner import Runner
from countersign.projections.letters import dead_letters
from countersign.projections.letters.dead_letters import Count
from countersign.projections.reports.report_register_queries import report, reports
from tests.integration.projections.conftest import MakeRunner
from tests.integration.projections.counted import counting
from tests.integration.projections.desk import Desk
from tests.integration.projections.machine import tell_of_the_machine
from tests.integration.projections.rebuild_rig import REGISTER, change_a_title, different, no_dress, whole_job
from tests.integration.projections.story import Story
from tests.integration.projections.tables import contents


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
