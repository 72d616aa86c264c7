"""Queues at work on real tables."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

import pytest
from sqlalchemy.engine import Connection

from countersign.aggregates.root import DomainError
from countersign.eventstore.databases import Database
from countersign.eventstore.log import LogUnavailable
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.workers import holding, queues
from countersign.workers.course import Course
from countersign.workers.effect import Effect, State
from countersign.workers.effect_board import EffectBoard
from countersign.workers.effects import Effects
from countersign.workers.failure import EffectFailed
from countersign.workers.options import QueueOptions
from countersign.workers.queues import Queue
from countersign.workers.work import Work
from tests.integration.workers.effects_rig import a_cause, a_wish, no_such_effect, want, want_many
from tests.integration.workers.running import now, running, wait_until

Deed = Callable[[Effect], None]
QUICK = {"backoff_base_s": 0.05, "backoff_cap_s": 0.1}


class Diary:
    """A duty that does what the test says, and notes what it was asked."""

    def __init__(self, deed: Deed = lambda effect: None) -> None:
        self.deed = deed
        self.performed: list[str] = []
        self.failures: list[tuple[str, bool]] = []

    def perform(self, effect: Effect, course: Course) -> None:
        self.performed.append(effect.payload["target"])
        self.deed(effect)

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        self.failures.append((failure.failure_class, retry_at is not None))


def a_queue(
    read: Database, diary: Diary, holder: str = "worker", poll_s: float = 0.05, **options: Any
) -> Queue:
    limits, effects = QueueOptions(**QUICK | options), Effects(read)
    work = Work(limits, effects, {"greet": diary}, now, lambda: 0.5)
    return Queue("work", limits, effects, work, holder, now, poll_s)


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


def wait_for(event: threading.Event) -> None:
    assert event.wait(10)


def states(board: EffectBoard) -> dict[str, int]:
    return Counter(each.state for each in board.listed())


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


def test_what_fails_for_a_passing_reason_is_done_later(read: Database, board: EffectBoard) -> None:
    want_many(read, 1)

    def deed(effect: Effect) -> None:
        if effect.attempts < 2:
            raise EffectFailed("transient", "no route to host")

    diary = Diary(deed)
    with running(a_queue(read, diary, max_attempts=3).run):
        wait_until(lambda: states(board) == {State.DONE: 1})

    assert diary.failures == [("transient", True), ("transient", True)]
    assert board.listed()[0].attempts == 2


@pytest.mark.parametrize(
    ("raised", "failure_class", "attempts", "told"),
    [
        (EffectFailed("validation", "a broken template"), "validation", 1, "a broken template"),
        (EffectFailed("transient", "no route to host"), "transient", 3, "no route to host"),
        (DomainError("a rule was broken"), "validation", 1, "rule_broken: a rule was broken"),
        (ZeroDivisionError("a bug"), "unknown", 2, "ZeroDivisionError: a bug"),
    ],
)
def test_what_cannot_be_done_becomes_a_dead_letter(
    read: Database, board: EffectBoard, raised: Exception, failure_class: str, attempts: int, told: str
) -> None:
    want_many(read, 1)

    def deed(effect: Effect) -> None:
        raise raised

    diary = Diary(deed)
    with running(a_queue(read, diary, max_attempts=3).run):
        wait_until(lambda: states(board) == {State.DEAD: 1})

    (dead,) = board.listed()
    assert (dead.error_class, dead.error, dead.attempts) == (failure_class, told, attempts)
    assert diary.failures == [(failure_class, True)] * (attempts - 1) + [(failure_class, False)]


def test_an_effect_of_a_kind_that_nobody_knows_is_a_dead_letter(read: Database, board: EffectBoard) -> None:
    want(read, (a_wish(kind="juggle"), a_cause()))

    with running(a_queue(read, Diary()).run):
        wait_until(lambda: states(board) == {State.DEAD: 1})


def test_an_outage_of_the_log_costs_no_attempt(read: Database, board: EffectBoard) -> None:
    want_many(read, 1)
    outages = iter(range(5))

    def deed(effect: Effect) -> None:
        if next(outages, None) is not None:
            raise LogUnavailable("locked", retry_after_s=0.01)

    diary = Diary(deed)
    with running(a_queue(read, diary, max_attempts=1).run):
        wait_until(lambda: states(board) == {State.DONE: 1})

    assert len(diary.performed) == 6
    assert (board.listed()[0].attempts, diary.failures) == (0, [])


class Flaky:
    """A database that is away while the test says so."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.dialect = database.dialect
        self.away = threading.Event()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        self._ask()
        with self.database.read() as connection:
            yield connection

    @contextmanager
    def write(self, *, synced: bool = True) -> Iterator[Connection]:
        self._ask()
        with self.database.write(synced=synced) as connection:
            yield connection

    def _ask(self) -> None:
        if self.away.is_set():
            raise DatabaseUnavailable("no route to the database", retry_after_s=0.01)


def test_an_outage_of_the_database_that_outlasts_the_lease_costs_nothing(
    read: Database, board: EffectBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "OUTAGE_PAUSE_S", 0.05)
    want_many(read, 1)
    flaky, outages = Flaky(read), iter(range(3))

    def deed(effect: Effect) -> None:
        if next(outages, None) is not None:
            flaky.away.set()
            threading.Timer(0.4, flaky.away.clear).start()
            raise DatabaseUnavailable("no route to the database", retry_after_s=0.01)

    diary = Diary(deed)
    with running(a_queue(cast("Database", flaky), diary, max_attempts=1, lease_s=0.1).run):
        wait_until(lambda: not set(states(board)) <= {State.READY, State.CLAIMED})

    (done,) = board.listed()
    assert (done.state, done.attempts, done.crashes) == (State.DONE, 0, 0)
    assert (len(diary.performed), diary.failures) == (4, [])


@pytest.mark.parametrize("raised", [EffectFailed("validation", "no such stream"), ZeroDivisionError("a bug")])
def test_a_failure_that_cannot_be_recorded_as_an_event_still_ends_the_effect(
    read: Database, board: EffectBoard, raised: Exception
) -> None:
    want_many(read, 2)

    class Unrecorded(Diary):
        def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
            super().failed(effect, failure, retry_at)
            raise raised

    def deed(effect: Effect) -> None:
        raise EffectFailed("transient", "a reply with \0 and \ud800")

    diary = Unrecorded(deed)
    with running(a_queue(read, diary, max_attempts=2).run):
        wait_until(lambda: states(board) == {State.DEAD: 2})

    assert len(diary.failures) == 4
    assert {each.error for each in board.listed()} == {"a reply with \N{REPLACEMENT CHARACTER} and ?"}


@pytest.mark.parametrize("bears", [2, 3])
def test_what_has_killed_as_many_workers_as_its_queue_bears_is_not_tried_again(
    read: Database, effects: Effects, board: EffectBoard, bears: int
) -> None:
    want_many(read, 1)
    for number in range(bears):
        assert effects.claim(
            "work", f"{number}", now(), -1.0, 1
        )  # a lease that has ended: its worker is gone
    diary = Diary()

    with running(a_queue(read, diary, max_crashes=bears).run):
        wait_until(lambda: states(board) == {State.DEAD: 1})

    assert (diary.performed, diary.failures) == ([], [("unknown", False)])
    assert f"lost {bears} times" in str(board.listed()[0].error)


def test_what_has_killed_fewer_workers_than_its_queue_bears_is_tried_again(
    read: Database, effects: Effects, board: EffectBoard
) -> None:
    want_many(read, 1)
    for number in range(2):
        assert effects.claim("work", f"{number}", now(), -1.0, 1)

    with running(a_queue(read, Diary(), max_crashes=3).run):
        wait_until(lambda: states(board) == {State.DONE: 1})


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
    slow, other = Diary(lambda effect: time.sleep(1.2)), Diary()

    with running(a_queue(read, slow, "slow", lease_s=0.3).run):
        wait_until(lambda: slow.performed)
        with running(a_queue(read, other, "other", lease_s=0.3).run):
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
