"""Rebuilds beside a service that works, and beside other builders."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from countersign.aggregates.read_model import ReadModel
from countersign.eventstore.leases import Leases
from countersign.projections.building.builds import Status
from countersign.projections.building.schema import create
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following import positions
from countersign.projections.following.freshness import Freshness
from countersign.projections.following.runner import Runner
from countersign.projections.reports.report_register_queries import reports
from tests.integration.projections.conftest import MakeRunner
from tests.integration.projections.counted import counting
from tests.integration.projections.desk import Desk
from tests.integration.projections.rebuild_rig import REGISTER, control_of, different, tables_there, whole_job
from tests.integration.projections.story import Story
from tests.integration.projections.tables import contents


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
