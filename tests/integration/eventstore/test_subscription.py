from __future__ import annotations

from collections.abc import Iterator
from threading import Event, Timer
from time import monotonic
from uuid import uuid4

import pytest
from sqlalchemy import text

from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.log import Log, Recorded
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_wakeups import open_wakeups
from countersign.eventstore.subscription import GapInLog, Subscription
from countersign.eventstore.wakeups import NoWakeups, Wakeups
from tests.integration.eventstore.cut import CutAfter
from tests.integration.eventstore.samples import events


@pytest.fixture
def wakeups(databases: Databases) -> Iterator[Wakeups]:
    wakeups = open_wakeups(databases)
    yield wakeups
    wakeups.close()


def test_pages_hold_the_past_and_then_what_is_appended(databases: Databases, wakeups: Wakeups) -> None:
    log = open_log(databases, wakeups)
    log.append(events(uuid4(), 1, 5))
    stop = Event()
    pages = Subscription(log, wakeups, poll_s=0.1).pages(1, 3, stop)
    assert positions(next(pages)) == [2, 3, 4]
    assert positions(next(pages)) == [5]
    Timer(0.1, log.append, [events(uuid4(), 1, 2)]).start()
    assert positions(next(pages)) == [6, 7]
    stop.set()
    assert list(pages) == []


def test_the_poll_finds_what_no_signal_told(log: Log) -> None:
    pages = Subscription(log, NoWakeups("lost"), poll_s=0.2).pages(0, 10, Event())
    Timer(0.1, log.append, [events(uuid4(), 1, 1)]).start()
    started = monotonic()
    assert positions(next(pages)) == [1]
    assert monotonic() - started < 2


def test_a_reader_is_woken_at_once(databases: Databases, wakeups: Wakeups) -> None:
    assert wakeups.degraded == ""
    log = open_log(databases, wakeups)
    pages = Subscription(log, wakeups, poll_s=30).pages(0, 10, Event())
    Timer(0.3, log.append, [events(uuid4(), 1, 1)]).start()
    started = monotonic()
    next(pages)
    assert monotonic() - started < 5


def test_a_missing_event_stops_the_reader(databases: Databases, log: Log) -> None:
    log.append(events(uuid4(), 1, 3))
    with databases.log.write() as connection:
        connection.execute(text("DELETE FROM events WHERE position = 2"))
    with pytest.raises(GapInLog):
        next(Subscription(log, NoWakeups("nobody"), poll_s=0.1).pages(0, 10, Event()))


@pytest.mark.postgres
def test_an_outage_pauses_the_reader_and_loses_nothing(postgres_url: str) -> None:
    with CutAfter(postgres_url, b"ORDER BY position", heard=False) as cut:
        databases = Databases(DatabaseOptions(url=cut.url))
        log = open_log(databases, NoWakeups("nobody"))
        pages = Subscription(log, NoWakeups("nobody"), poll_s=0.1).pages(0, 2, Event())
        log.append(events(uuid4(), 1, 3))
        assert positions(next(pages)) == [1, 2]
        cut.next_time()
        assert positions(next(pages)) == [3]
        assert cut.cuts == 1
        databases.close()


def positions(page: list[Recorded]) -> list[int]:
    return [recorded.position for recorded in page]
