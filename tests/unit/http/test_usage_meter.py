from __future__ import annotations

import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

from countersign.eventstore.outage import DatabaseUnavailable
from countersign.http.api_clients.usage_meter import UsageMeter
from countersign.projections.people.api_usage import Usage

CLIENT = UUID(int=1)
AT = datetime(2026, 3, 2, 9, 59, 59, tzinfo=UTC)
HOUR = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Table:
    """Keeps what is added, or is away."""

    def __init__(self) -> None:
        self.added: list[Usage] = []
        self.is_away = False
        self.written = threading.Event()

    def add(self, counted: Iterable[Usage]) -> None:
        if self.is_away:
            raise DatabaseUnavailable("away")
        self.added += counted
        self.written.set()


def test_calls_are_counted_by_what_they_were_answered() -> None:
    table = Table()
    meter = UsageMeter(table.add, lambda: AT, 3600)
    for status in (200, 201, 304, 404, 401, 503):
        meter.count(CLIENT, status)
    assert table.added == []

    meter.close()
    meter.close()
    assert table.added == [Usage(CLIENT, "hour", HOUR, 6, 2, 1)]


def test_counts_are_written_by_themselves_after_a_while() -> None:
    table = Table()
    meter = UsageMeter(table.add, lambda: AT, 0.01)
    meter.count(CLIENT, 200)
    assert table.written.wait(10)
    table.written.clear()
    meter.count(CLIENT, 200)
    assert table.written.wait(10)
    assert [each.requests for each in table.added] == [1, 1]


def test_while_the_table_is_away_nothing_is_lost() -> None:
    table = Table()
    meter = UsageMeter(table.add, lambda: AT, 3600)
    table.is_away = True
    meter.count(CLIENT, 200)
    meter.flush()
    meter.count(CLIENT, 500)
    table.is_away = False
    meter.close()

    assert table.added == [Usage(CLIENT, "hour", HOUR, 2, 0, 1)]


def test_threads_that_count_at_once_lose_nothing() -> None:
    table = Table()
    meter = UsageMeter(table.add, lambda: AT, 0.001)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: meter.count(CLIENT, 200), range(4000)))
    meter.close()

    assert sum(each.requests for each in table.added) == 4000
