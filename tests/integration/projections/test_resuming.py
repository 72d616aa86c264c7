"""A build goes on where it stood, wherever the process ended that made it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from itertools import count

from sqlalchemy import inspect, text

from countersign.aggregates.read_model import ReadModel
from countersign.eventstore.databases import Database
from countersign.projections.building.builder import Builder
from countersign.projections.building.builds import Status
from countersign.projections.building.schema import create
from countersign.projections.catalogue import projection_named
from countersign.projections.orders.control import Control
from tests.integration.projections.conftest import MakeRunner
from tests.integration.projections.counted import counting
from tests.integration.projections.crashing import Crashed, crashing
from tests.integration.projections.desk import Desk
from tests.integration.projections.story import Story
from tests.integration.projections.tables import contents

REGISTER = projection_named("report_register")
COUNTED = counting()


def expire_leases(story: Story) -> None:
    with story.databases.read.write() as connection:
        connection.execute(text("UPDATE leases SET expires_at = 0"))


def test_a_build_survives_the_end_of_its_process_after_every_commit(
    story: Story, make_runner: MakeRunner
) -> None:
    create(story.databases.read, [COUNTED])
    for number in range(30):
        story.report(number=str(number))
    desk = Desk(story, [COUNTED])
    every = 1 if story.databases.read.dialect == "sqlite" else 3
    for at in count(1, every):
        expire_leases(story)
        make_runner(f"runner {at}", projections=[COUNTED]).catch_up()
        expire_leases(story)
        build = desk.order_rebuild(COUNTED)
        expected = contents(story.databases.read, [COUNTED])
        has_ended = ends_while_it_builds(story, desk, build, at)
        if has_ended:
            expire_leases(story)
            assert contents(story.databases.read, [COUNTED]) == expected
            desk.new_builder([COUNTED], f"builder {at}").bring("counted", build)
        live = desk.live("counted")
        assert (live.build, live.announced) == (build, True)
        assert live.report is not None
        assert live.report["different"] == 0
        if not has_ended:
            break
    assert at > 10
    desk.builder.tidy()
    assert tables_of(story, "counted") == set(desk.live("counted").tables)


def ends_while_it_builds(story: Story, desk: Desk, build: int, at: int) -> bool:
    dying = crashing(story.databases.read, at)
    try:
        builder_on(story, desk, dying).bring("counted", build)
    except Crashed:
        return True
    return False


def builder_on(story: Story, desk: Desk, read: Database) -> Builder:
    decode, announce = story.store.mapper.happened, desk.announced.append
    return Builder(story.log, decode, read, [COUNTED], "dying", announce, desk.options)


def tables_of(story: Story, name: str) -> set[str]:
    with story.databases.read.read() as connection:
        return {table for table in inspect(connection).get_table_names() if table.startswith(name)}


def test_a_build_can_be_cancelled_after_any_commit(story: Story, make_runner: MakeRunner) -> None:
    create(story.databases.read, [COUNTED])
    for number in range(30):
        story.report(number=str(number))
    make_runner(projections=[COUNTED]).catch_up()
    desk = Desk(story, [COUNTED])
    expected = contents(story.databases.read, [COUNTED])
    for at in (1, 4, 6, 8):
        build = desk.order_rebuild(COUNTED)
        cancel = cancelling(desk, build)
        ended = builder_on(story, desk, crashing(story.databases.read, at, cancel)).bring("counted", build)
        desk.builder.tidy()
        assert ended.status is Status.CANCELLED
        assert contents(story.databases.read, [COUNTED]) == expected
        assert tables_of(story, "counted") == {"counted_v1"}


def cancelling(desk: Desk, build: int) -> Callable[[], None]:
    journal = desk.journal
    control = Control(journal.log, journal.store.mapper.happened, desk.read, [COUNTED])

    def cancel() -> None:
        if desk.build("counted", build).status is not Status.CANCELLED:
            desk.order("counted", ReadModel.RebuildCancelled, build=build)
            control.obey()

    return cancel


def test_a_build_is_finished_by_whoever_is_not_killed(story: Story, make_runner: MakeRunner) -> None:
    for number in range(40):
        story.report(number=str(number))
    runner = make_runner()
    runner.catch_up()
    runner.release()
    before = contents(story.databases.read, [REGISTER])
    build = Desk(story).order_rebuild(REGISTER)
    assert [made_by_a_process(story, build, killed_at) for killed_at in (5, 10, 1000)] == [-9, -9, 0]
    live = Desk(story).live("report_register")
    assert (live.build, live.report and live.report["different"]) == (build, 0)
    assert contents(story.databases.read, [REGISTER]) == before


def made_by_a_process(story: Story, build: int, killed_at: int) -> int:
    module = "tests.integration.projections.building_process"
    given = (story.databases.options.url, "report_register", str(build), str(killed_at))
    return subprocess.run([sys.executable, "-m", module, *given], timeout=60, check=False).returncode
