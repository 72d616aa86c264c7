from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from time import monotonic
from uuid import UUID

import pytest
from sqlalchemy import text

from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.leases import Leases
from countersign.eventstore.log import Append, NewEvent
from countersign.projections.building import builds
from countersign.projections.building.schema import create, drop_tables
from countersign.projections.catalogue import PROJECTIONS, projection_named
from countersign.projections.following import positions
from countersign.projections.following.freshness import Freshness
from countersign.projections.following.positions import Position, PositionMoved, State
from countersign.projections.following.runner import Options, Runner
from countersign.projections.projection import Projection
from tests.integration.projections.conftest import MakeRunner
from tests.integration.projections.counted import counting
from tests.integration.projections.journal import BEGIN, Journal
from tests.integration.projections.story import Story
from tests.integration.projections.tables import contents

PEOPLE = projection_named("people")


def position(story: Journal, name: str) -> Position:
    with story.databases.read.read() as connection:
        return positions.load(connection)[name, 1, 0]


def expire_leases(story: Journal) -> None:
    with story.databases.read.write() as connection:
        connection.execute(text("UPDATE leases SET expires_at = 0"))


def break_table(story: Journal, projection: Projection) -> None:
    with story.databases.read.write() as connection:
        drop_tables(connection, [table.name for table in projection.tables])


@contextmanager
def running(runner: Runner) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=runner.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


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


def test_a_projection_has_one_owner_at_a_time(
    story: Story, make_runner: MakeRunner, freshness: Freshness
) -> None:
    owner, other = make_runner("owner"), make_runner("other")
    owner.catch_up()
    story.report()
    other.catch_up()
    assert freshness.as_of() == 0
    owner.catch_up()
    assert freshness.as_of() == 1


def test_an_owner_that_ends_leaves_its_projections_to_the_next_at_once(
    story: Story, make_runner: MakeRunner, freshness: Freshness
) -> None:
    owner = make_runner("owner")
    owner.catch_up()
    owner.release()
    story.report()
    make_runner("other").catch_up()
    assert freshness.as_of() == 1


def test_an_owner_whose_lease_was_taken_cannot_write_any_more(
    story: Story, make_runner: MakeRunner, freshness: Freshness, caplog: pytest.LogCaptureFixture
) -> None:
    stale, owner = make_runner("stale"), make_runner("owner")
    stale.catch_up()
    expire_leases(story)
    owner.catch_up()
    story.report()
    before = contents(story.databases.read)
    with caplog.at_level(logging.WARNING):
        stale.step()  # its heartbeat is not due: it still believes that it is the owner
    assert "another process moved a unit" in caplog.text
    assert (freshness.as_of(), contents(story.databases.read)) == (0, before)
    stale.step()
    owner.catch_up()
    assert freshness.as_of() == 1


def test_an_owner_whose_lease_was_taken_goes_on_after_an_event_that_cannot_be_read(
    story: Story, make_runner: MakeRunner, caplog: pytest.LogCaptureFixture
) -> None:
    stale, owner = make_runner("stale"), make_runner("owner")
    stale.catch_up()
    expire_leases(story)
    owner.catch_up()
    story.log.append(Append((NewEvent(UUID(int=1), 1, "report.from_the_future", b"{}", b"{}"),)))
    with caplog.at_level(logging.WARNING):
        assert stale.step()
    assert "another process moved a unit" in caplog.text
    assert position(story, "people").state is State.RUNNING
    assert not stale.step()


def test_a_projection_that_was_claimed_under_a_higher_fence_holds_up_no_other(
    story: Story, make_runner: MakeRunner, caplog: pytest.LogCaptureFixture
) -> None:
    story.report()
    first = PROJECTIONS[0].name
    with story.databases.read.write() as connection:
        positions.claim(connection, (first, 1, 0), fence=2, holder="another")
    runner = make_runner(lease_ttl_s=0)  # a heartbeat at each step
    with caplog.at_level(logging.WARNING):
        runner.step()
    assert f"cannot own {first} (build 1) yet" in caplog.text
    assert [position(story, one.name).position for one in PROJECTIONS] == [0, *[1] * (len(PROJECTIONS) - 1)]
    runner.step()
    assert position(story, first).position == 1


def test_a_position_moves_only_from_where_its_owner_left_it(story: Story) -> None:
    read, people = story.databases.read, ("people", 1, 0)
    with read.write() as connection:
        held = positions.claim(connection, people, fence=2, holder="owner")
        positions.move(connection, [held], 5)
    late, nobody = replace(held, position=5, fence=1), Position(name="nobody", build=1, segment=0, fence=2)
    for wrong in (held, held.at(4), late, nobody, replace(held.at(5), segment=1)):
        with pytest.raises(PositionMoved), read.write() as connection:
            positions.move(connection, [wrong], 6)
    for place in (people, ("people", 2, 0)):
        with pytest.raises(PositionMoved), read.write() as connection:
            positions.claim(connection, place, fence=1, holder="late")
    assert position(story, "people").position == 5


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
