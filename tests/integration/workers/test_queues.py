"""How a queue takes up work: how much at once, how fast, and when."""

from __future__ import annotations

import threading
import time

import pytest

from countersign.eventstore.databases import Database
from countersign.workers import holding
from countersign.workers.course import Course
from countersign.workers.effect import Effect, State
from countersign.workers.effect_board import EffectBoard
from countersign.workers.effects import Effects
from countersign.workers.failure import EffectFailed
from countersign.workers.options import QueueOptions
from countersign.workers.queues import Queue
from countersign.workers.work import Work
from tests.integration.workers.effects_rig import want_many
from tests.integration.workers.queue_rig import QUICK, Diary, a_queue, states, wait_for
from tests.integration.workers.running import now, running, wait_until


def test_a_queue_takes_nothing_while_its_gate_is_closed(read: Database, board: EffectBoard) -> None:
    want_many(read, 3)
    diary, closed = Diary(), threading.Event()
    closed.set()
    limits, effects = QueueOptions(**QUICK), Effects(read)
    work = Work(limits, effects, {"greet": diary}, now, lambda: 0.5, is_closed=closed.is_set)
    queue = Queue("work", limits, effects, work, "worker", now, 0.05)

    with running(queue.run):
        time.sleep(0.3)
        assert states(board) == {State.READY: 3}
        closed.clear()
        wait_until(lambda: states(board) == {State.DONE: 3})


def test_two_workers_do_each_effect_once(read: Database, board: EffectBoard) -> None:
    targets = want_many(read, 40)
    diaries = [Diary(), Diary()]
    queues = [a_queue(read, diary, f"worker {n}", concurrency=3) for n, diary in enumerate(diaries)]

    with running(*(queue.run for queue in queues)):
        wait_until(lambda: states(board) == {State.DONE: 40})

    assert sorted(diaries[0].performed + diaries[1].performed) == targets


def test_no_more_than_its_concurrency_is_worked_on_at_once(read: Database, board: EffectBoard) -> None:
    want_many(read, 9)
    lock, at_once, most = threading.Lock(), 0, 0

    def deed(effect: Effect) -> None:
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        time.sleep(0.03)
        with lock:
            at_once -= 1

    with running(a_queue(read, Diary(deed), concurrency=3).run):
        wait_until(lambda: states(board) == {State.DONE: 9})

    assert most == 3


def test_the_rate_holds_effects_back(read: Database, board: EffectBoard) -> None:
    want_many(read, 5)
    diary = Diary()

    with running(a_queue(read, diary, concurrency=4, rate_per_minute=3).run):
        wait_until(lambda: states(board)[State.DONE] == 3)
        time.sleep(0.3)

    assert states(board) == {State.DONE: 3, State.READY: 2}
    assert sorted(diary.performed) == ["000", "001", "002"]


def test_a_poke_is_obeyed_long_before_the_poll(read: Database) -> None:
    done = threading.Event()
    queue = a_queue(read, Diary(lambda effect: done.set()), poll_s=30.0)

    with running(queue.run) as stop:
        time.sleep(0.2)
        want_many(read, 1)
        began = time.monotonic()
        queue.poke()
        assert done.wait(5)
        took_s = time.monotonic() - began
        stop.set()
        queue.poke()

    assert took_s < 1


def test_a_retry_is_made_when_it_is_due_and_not_at_the_next_poll(read: Database, board: EffectBoard) -> None:
    want_many(read, 1)

    def deed(effect: Effect) -> None:
        if not effect.attempts:
            raise EffectFailed("transient", "once")

    queue = a_queue(read, Diary(deed), poll_s=30.0)
    with running(queue.run) as stop:
        wait_until(lambda: states(board) == {State.DONE: 1}, within_s=5)
        stop.set()
        queue.poke()


def test_how_far_work_has_come_is_shown_while_it_is_done(
    read: Database, board: EffectBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "LOOK_S", 0.02)
    want_many(read, 1)
    seen = threading.Event()

    class Telling(Diary):
        def perform(self, effect: Effect, course: Course) -> None:
            course.tell(40, "counting")
            wait_for(seen)

    with running(a_queue(read, Telling()).run):
        wait_until(lambda: board.listed()[0].percent == 40)
        assert (board.listed()[0].step, board.listed()[0].claimed_at is not None) == ("counting", True)
        seen.set()


def test_a_queue_tells_how_much_it_has_done_and_what_is_stuck(read: Database, board: EffectBoard) -> None:
    want_many(read, 3)
    release = threading.Event()

    def deed(effect: Effect) -> None:
        if effect.payload["target"] == "002":
            wait_for(release)

    queue = a_queue(read, Diary(deed), concurrency=3, time_limit_s=0.1, lease_s=0.2)
    with running(queue.run):
        wait_until(lambda: queue.finished == 2)
        wait_until(lambda: queue.stuck == 1)
        release.set()
