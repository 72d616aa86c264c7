"""Read tables follow the log, and how far they are is known."""

from __future__ import annotations

import threading
from datetime import timedelta
from time import monotonic

import pytest

from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.leases import Leases
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following import positions
from countersign.projections.following.freshness import Freshness
from countersign.projections.following.runner import Options, Runner
from tests.integration.projections.conftest import MakeRunner
from tests.integration.projections.journal import BEGIN
from tests.integration.projections.runner_rig import PEOPLE, running
from tests.integration.projections.story import Story


def test_all_projections_reach_the_head_in_small_batches_as_in_large_ones(
    story: Story, make_runner: MakeRunner, freshness: Freshness
) -> None:
    for _ in range(3):
        story.section_saved(story.report(), "alarms", [{"id": "1", "result": "pass"}])
    make_runner(batch_size=2).catch_up()
    assert freshness.as_of() == story.log.head() == 6
    assert [lag.events for lag in freshness.lags(BEGIN)] == [0] * len(PROJECTIONS)


def test_a_projection_that_is_added_later_catches_up_beside_the_others(
    story: Story, make_runner: MakeRunner, freshness: Freshness
) -> None:
    first = make_runner(projections=[PEOPLE])
    story.report()
    first.catch_up()
    assert (freshness.as_of("people"), freshness.as_of()) == (1, 0)
    story.report()
    make_runner("second").catch_up()
    first.catch_up()
    assert freshness.as_of() == 2


def test_a_runner_follows_the_log_until_it_is_told_to_stop(
    story: Story, runner: Runner, make_runner: MakeRunner, freshness: Freshness
) -> None:
    with running(runner):
        for _ in range(5):
            story.report()
            assert freshness.wait_for(story.log.head(), timeout_s=10)
    story.report()
    make_runner("next").catch_up()
    assert freshness.as_of() == 6


def test_a_database_that_does_not_answer_is_waited_for_and_stops_nothing(
    story: Story, freshness: Freshness, caplog: pytest.LogCaptureFixture
) -> None:
    impatient = Databases(DatabaseOptions(url=story.databases.options.url, lock_timeout_ms=100))
    leases = Leases(story.databases.read)
    options = Options(poll_s=0.05, lease_ttl_s=60, shortest_pause_s=0.05)
    decode, wakeups = story.store.mapper.happened, story.wakeups
    runner = Runner(story.log, decode, impatient.read, leases, wakeups, PROJECTIONS, "one", options)
    runner.catch_up()
    with running(runner):
        with story.databases.read.write() as connection:
            positions.lock(connection, [("people", 1, 0)])
            story.report()
            begun = monotonic()
            while "does not answer" not in caplog.text and monotonic() - begun < 10:
                threading.Event().wait(0.02)
            assert freshness.as_of() == 0
        assert freshness.wait_for(1, timeout_s=10)
    impatient.close()
    assert "the database does not answer" in caplog.text
    assert freshness.healthy()


def test_waiting_for_a_position_that_does_not_come_ends_in_time(story: Story, freshness: Freshness) -> None:
    story.report()
    begun = monotonic()
    assert not freshness.wait_for(1, timeout_s=0.2)
    assert 0.1 < monotonic() - begun < 2


def test_waiting_concerns_only_the_projections_that_are_named(
    story: Story, make_runner: MakeRunner, freshness: Freshness
) -> None:
    story.report()
    make_runner(projections=[PEOPLE]).catch_up()
    assert freshness.wait_for(1, 0.1, "people")
    assert not freshness.wait_for(1, 0.1, "people", "audit_log")


def test_a_projection_without_a_position_is_behind_by_the_whole_log(
    story: Story, make_runner: MakeRunner, freshness: Freshness
) -> None:
    story.report()
    recorded_at = story.log.read(0, 1)[0].recorded_at
    story.report()
    make_runner(projections=[PEOPLE]).catch_up()
    lags = {lag.name: lag for lag in freshness.lags(recorded_at + timedelta(seconds=90))}
    assert (lags["people"].events, lags["people"].seconds) == (0, 0.0)
    assert (lags["audit_log"].events, lags["audit_log"].seconds) == (2, 90.0)


def test_a_lag_tells_who_moves_it_since_when_and_how_fast(
    story: Story, make_runner: MakeRunner, freshness: Freshness
) -> None:
    nobody = {lag.name: lag for lag in freshness.lags(BEGIN)}["people"]
    assert (nobody.build, nobody.segments, nobody.holder, nobody.held_since) == (1, 1, None, None)
    story.report()
    assert freshness.lags(BEGIN)[0].catch_up_s is None, "nobody can tell"
    runner = make_runner("owner", lease_ttl_s=3.0)
    runner.catch_up()
    threading.Event().wait(1.05)
    runner.step()  # its heartbeat notes how fast it was
    story.report()
    lag = {lag.name: lag for lag in freshness.lags(BEGIN)}["people"]
    assert (lag.holder, lag.events, lag.error_class) == ("owner", 1, None)
    assert lag.held_since is not None
    assert lag.rate > 0
    assert lag.catch_up_s == pytest.approx(1 / lag.rate)
    runner.release()
    left = {lag.name: lag for lag in freshness.lags(BEGIN)}["people"]
    assert (left.holder, left.rate, left.catch_up_s) == (None, lag.rate, None), "nobody moves it any more"
