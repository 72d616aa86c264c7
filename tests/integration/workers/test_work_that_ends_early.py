"""Work that is cancelled, takes too long, or whose worker is told to stop."""

from __future__ import annotations

import threading
import time

import pytest

from countersign.eventstore.databases import Database
from countersign.workers import holding
from countersign.workers.course import Course
from countersign.workers.effect import Effect, State
from countersign.workers.effect_board import EffectBoard
from countersign.workers.failure import EffectFailed
from tests.integration.workers.effects_rig import no_such_effect, want_many
from tests.integration.workers.queue_rig import Diary, a_queue, states, wait_for
from tests.integration.workers.running import now, running, wait_until


def test_a_worker_that_is_told_to_stop_finishes_what_it_has_begun(read: Database, board: EffectBoard) -> None:
    want_many(read, 3)
    begun = threading.Event()

    def deed(effect: Effect) -> None:
        begun.set()
        time.sleep(0.3)

    with running(a_queue(read, Diary(deed)).run) as stop:
        assert begun.wait(5)
        stop.set()

    assert states(board) == {State.DONE: 1, State.READY: 2}


def test_work_that_outlasts_its_lease_is_not_taken_over_while_its_worker_lives(
    read: Database, board: EffectBoard
) -> None:
    want_many(read, 1)
    slow, other = Diary(lambda effect: time.sleep(1.5)), Diary()

    with running(a_queue(read, slow, "slow", lease_s=0.6).run):
        wait_until(lambda: slow.performed)
        with running(a_queue(read, other, "other", lease_s=0.6).run):
            wait_until(lambda: states(board) == {State.DONE: 1})

    assert other.performed == []
    assert board.listed()[0].crashes == 0


def test_work_over_its_time_limit_is_left_to_another_worker(read: Database, board: EffectBoard) -> None:
    want_many(read, 1)
    release = threading.Event()
    stuck, other = Diary(lambda effect: wait_for(release)), Diary()

    with running(a_queue(read, stuck, "stuck", lease_s=0.2, time_limit_s=0.2).run):
        wait_until(lambda: stuck.performed)
        with running(a_queue(read, other, "other", lease_s=0.2).run):
            wait_until(lambda: states(board) == {State.DONE: 1})
            release.set()

    assert len(other.performed) == 1
    assert board.listed()[0].crashes == 1


def test_work_that_is_cancelled_ends_at_its_next_step(
    read: Database, board: EffectBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "LOOK_S", 0.02)
    want_many(read, 2)

    class Endless(Diary):
        def perform(self, effect: Effect, course: Course) -> None:
            self.performed.append(effect.payload["target"])
            while True:
                course.go_on()
                time.sleep(0.01)

    diary = Endless()
    with running(a_queue(read, diary, concurrency=1).run):
        wait_until(lambda: diary.performed)
        for each in board.listed():
            assert board.cancel(each.id, now(), no_such_effect())
        wait_until(lambda: states(board) == {State.CANCELLED: 2})

    assert (len(diary.performed), diary.failures) == (1, [])


def test_work_that_takes_too_long_ends_at_its_next_step_and_is_tried_again(
    read: Database, board: EffectBoard
) -> None:
    want_many(read, 1)

    class Endless(Diary):
        def perform(self, effect: Effect, course: Course) -> None:
            while True:
                course.go_on()
                time.sleep(0.01)

    diary = Endless()
    with running(a_queue(read, diary, time_limit_s=0.1, max_attempts=2).run):
        wait_until(lambda: states(board) == {State.DEAD: 1})

    assert diary.failures == [("timeout", True), ("timeout", False)]


class Endless(Diary):
    """Work that never ends, and asks whether to go on."""

    def perform(self, effect: Effect, course: Course) -> None:
        super().perform(effect, course)
        while True:
            course.go_on()
            time.sleep(0.01)


def test_work_that_asks_is_given_back_unharmed_when_its_worker_is_told_to_stop(
    read: Database, board: EffectBoard
) -> None:
    want_many(read, 1)
    diary = Endless()

    with running(a_queue(read, diary, drain_s=0.4).run) as stop:
        wait_until(lambda: diary.performed)
        began = time.monotonic()
        stop.set()
    took_s = time.monotonic() - began

    (given_back,) = board.listed()
    assert (given_back.state, given_back.attempts, given_back.crashes) == (State.READY, 0, 0)
    assert (0.2 <= took_s < 3, diary.failures) == (True, [])


def test_work_that_does_not_ask_is_let_go_and_what_it_still_says_counts_no_more(
    read: Database, board: EffectBoard
) -> None:
    want_many(read, 1)
    go, gone = threading.Event(), threading.Event()

    def deed(effect: Effect) -> None:
        wait_for(go)
        gone.set()
        raise EffectFailed("transient", "too late")

    stuck = Diary(deed)
    with running(a_queue(read, stuck, drain_s=0.2).run) as stop:
        wait_until(lambda: stuck.performed)
        stop.set()

    (given_back,) = board.listed()
    assert (given_back.state, given_back.crashes) == (State.READY, 0)
    go.set()
    wait_for(gone)
    other = Diary()
    with running(a_queue(read, other).run):
        wait_until(lambda: states(board) == {State.DONE: 1})
    assert (other.performed, stuck.failures) == (["000"], [])


def test_work_that_fills_the_memory_is_ended(
    read: Database, board: EffectBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "LOOK_S", 0.02)
    want_many(read, 1)

    class Hungry(Diary):
        def perform(self, effect: Effect, course: Course) -> None:
            eaten = []
            while True:
                course.go_on()
                eaten.append(bytearray(b"x" * 4_000_000))
                time.sleep(0.005)

    hungry = Hungry()
    with running(a_queue(read, hungry, memory_bytes=40_000_000, max_attempts=5).run):
        wait_until(lambda: states(board) == {State.DEAD: 1})

    assert hungry.failures == [("unknown", True), ("unknown", False)]
    assert "of memory" in str(board.listed()[0].error)
