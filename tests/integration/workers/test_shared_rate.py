"""One rate for all processes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from countersign.eventstore.databases import Database
from countersign.workers.effects import Effects
from countersign.workers.shared_rate import SharedRate
from tests.integration.workers.effects_rig import NOON, want_many

QUEUE = "work"


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = NOON + timedelta(minutes=1)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def take(read: Database, clock: Clock) -> Callable[[str, int], int]:
    """Takes effects as one process would; returns how many it got."""
    rates: dict[str, SharedRate] = {}

    def take(process: str, wanted: int, per_minute: int = 5) -> int:
        rate = rates.setdefault(process, SharedRate(QUEUE, per_minute, clock))
        return len(Effects(read).claim(QUEUE, process, clock(), 60, wanted, rate))

    return take


def test_two_processes_together_take_no_more_than_the_rate(
    read: Database, clock: Clock, take: Callable[[str, int], int]
) -> None:
    want_many(read, 20)

    assert [take("one", 2), take("two", 2), take("one", 2), take("two", 2)] == [2, 2, 1, 0]
    clock.at += timedelta(seconds=59)
    assert take("one", 2) == 0
    clock.at += timedelta(seconds=2)
    assert [take("two", 4), take("one", 4)] == [4, 1]


def test_who_finds_the_minute_used_up_knows_how_long_to_wait(read: Database, clock: Clock) -> None:
    want_many(read, 20)
    one, two = (SharedRate(QUEUE, 5, clock) for _ in range(2))
    effects = Effects(read)
    effects.claim(QUEUE, "one", clock(), 60, 5, one)

    assert two.wait_s() == 0
    assert not effects.claim(QUEUE, "two", clock(), 60, 5, two)
    assert 60 <= two.wait_s() <= 60.1
    clock.at += timedelta(seconds=two.wait_s())
    assert len(effects.claim(QUEUE, "two", clock(), 60, 5, two)) == 5


def test_what_was_not_there_to_be_taken_does_not_count(
    read: Database, take: Callable[[str, int], int]
) -> None:
    want_many(read, 1)
    assert [take("one", 5), take("two", 5)] == [1, 0]

    want_many(read, 8)
    assert take("two", 8) == 4


def test_a_rate_of_zero_holds_nobody_up(read: Database, clock: Clock) -> None:
    want_many(read, 8)
    rate = SharedRate(QUEUE, 0, clock)

    assert len(Effects(read).claim(QUEUE, "one", clock(), 60, 8, rate)) == 8
    assert rate.wait_s() == 0


def test_however_many_take_at_once_the_rate_holds(read: Database, clock: Clock) -> None:
    want_many(read, 40)
    taken: list[int] = []

    def process(name: str) -> None:
        rate, effects = SharedRate(QUEUE, 15, clock), Effects(read)
        taken.extend(len(effects.claim(QUEUE, name, clock(), 60, 2, rate)) for _ in range(5))

    threads = [threading.Thread(target=process, args=(str(number),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(taken) == 15
