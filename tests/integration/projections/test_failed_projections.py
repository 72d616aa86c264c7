"""A projection that cannot go on stops alone, says why, and goes on once it is mended."""

from __future__ import annotations

import pytest

from countersign.projections.building import builds
from countersign.projections.building.schema import create
from countersign.projections.following import positions
from countersign.projections.following.freshness import Freshness
from countersign.projections.following.positions import State
from tests.integration.projections.conftest import MakeRunner
from tests.integration.projections.counted import counting
from tests.integration.projections.journal import BEGIN
from tests.integration.projections.runner_rig import PEOPLE, break_table, position
from tests.integration.projections.story import Story


def test_a_table_that_is_not_as_it_should_be_stops_only_that_projection(
    story: Story, make_runner: MakeRunner, caplog: pytest.LogCaptureFixture
) -> None:
    counted = counting()
    create(story.databases.read, [counted])
    story.report()
    runner = make_runner(projections=[PEOPLE, counted])
    runner.catch_up()
    break_table(story, counted)
    story.report()
    story.report()
    runner.catch_up()
    failed = position(story, "counted")
    assert (failed.state, failed.position, failed.failed_position) == (State.FAILED, 1, 2)
    assert "counted (build 1) stopped at position 2" in caplog.text
    assert position(story, "people").position == 3


def test_a_failed_projection_is_unhealthy_and_its_lag_says_why(story: Story, make_runner: MakeRunner) -> None:
    counted = counting()
    create(story.databases.read, [counted])
    watched = Freshness(story.databases.read, story.log, story.wakeups, [PEOPLE, counted])
    assert watched.healthy()
    break_table(story, counted)
    story.report()
    make_runner(projections=[PEOPLE, counted]).catch_up()
    assert not watched.healthy()
    lag = watched.lags(BEGIN)[1]
    assert (lag.state, lag.events, lag.failed_position) == ("failed", 1, 1)
    assert "counted_v1" in str(lag.error)


def test_a_projection_whose_table_is_mended_goes_on_after_a_restart(
    story: Story, make_runner: MakeRunner
) -> None:
    counted = counting()
    create(story.databases.read, [counted])
    break_table(story, counted)
    story.report()
    runner = make_runner(projections=[counted])
    runner.catch_up()
    runner.release()
    with story.databases.read.write() as connection:
        counted.tables[0].create(connection)
    make_runner("next", projections=[counted]).catch_up()
    mended = position(story, "counted")
    assert (mended.state, mended.position, mended.error) == (State.RUNNING, 1, None)


def test_a_failed_projection_can_be_told_to_try_again(story: Story, make_runner: MakeRunner) -> None:
    counted = counting()
    create(story.databases.read, [counted])
    break_table(story, counted)
    story.report()
    runner = make_runner(projections=[counted], lease_ttl_s=0.0)
    runner.catch_up()
    with story.databases.read.write() as connection:
        assert positions.resume(connection, "counted")
        assert not positions.resume(connection, "counted")
        assert positions.load(connection)["counted", 1, 0].state is State.RUNNING


def test_tables_of_another_version_are_not_touched(story: Story, make_runner: MakeRunner) -> None:
    create(story.databases.read, [counting(1)])
    story.report()
    old = make_runner(projections=[counting(1)])
    old.catch_up()
    old.release()
    create(story.databases.read, [counting(2)])
    story.report()
    make_runner("new", projections=[counting(2)]).catch_up()
    outdated = position(story, "counted")
    assert (outdated.state, outdated.position, outdated.holder) == (State.RUNNING, 1, "first")
    with story.databases.read.read() as connection:
        assert [build.version for build in builds.load(connection, ["counted"])] == [1]
    newer = Freshness(story.databases.read, story.log, story.wakeups, [counting(2)])
    (lag,) = newer.lags(BEGIN)
    assert (lag.state, lag.version, lag.position, lag.events) == (State.FAILED, 1, 1, 1)
    assert "rebuild it" in str(lag.error)
