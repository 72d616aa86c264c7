"""What becomes of work that fails, of outages, and of work that kills its workers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import cast

import pytest
from sqlalchemy.engine import Connection

from countersign.aggregates.root import DomainError
from countersign.eventstore.databases import Database
from countersign.eventstore.log import LogUnavailable
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.workers import queues
from countersign.workers.effect import Effect, State
from countersign.workers.effect_board import EffectBoard
from countersign.workers.effects import Effects
from countersign.workers.failure import EffectFailed
from tests.integration.workers.effects_rig import a_cause, a_wish, want, want_many
from tests.integration.workers.queue_rig import Diary, a_queue, states
from tests.integration.workers.running import now, running, wait_until


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


def test_what_only_a_newer_version_knows_is_left_to_its_workers(read: Database, board: EffectBoard) -> None:
    want_many(read, 1, kind="greet_anew")
    diary = Diary()

    with running(a_queue(read, diary, max_attempts=3, backoff_cap_s=600).run):
        wait_until(lambda: board.listed()[0].attempts == 1)

    (left,) = board.listed()
    assert (left.state, left.error_class) == (State.READY, "transient")
    assert left.error == "this version does not know work of the kind greet_anew"
    assert left.due_at - now() > timedelta(minutes=4)
    assert not diary.performed


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
