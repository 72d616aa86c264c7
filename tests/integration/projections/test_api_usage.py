from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from countersign.eventstore.databases import Database, Databases
from countersign.projections.people.api_usage import Usage, add_usage, create_tables, roll_up, usage_of

CLIENT, OTHER = UUID(int=1), UUID(int=2)
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
TOMORROW = NINE + timedelta(days=1)


@pytest.fixture
def read(databases: Databases) -> Database:
    create_tables(databases.read)
    return databases.read


def hour(at: datetime, requests: int, client: UUID = CLIENT, refused: int = 0, failed: int = 0) -> Usage:
    return Usage(client, "hour", at, requests, refused, failed)


def used(read: Database, client: UUID = CLIENT, limit: int = 100) -> list[Usage]:
    return list(usage_of(read, client, since=NINE - timedelta(days=400), before=TOMORROW, limit=limit))


def test_what_several_processes_have_counted_is_added_up(read: Database) -> None:
    add_usage(read, [hour(NINE, 2, refused=1), hour(NINE, 1), hour(NINE, 5, OTHER)])
    add_usage(read, [hour(NINE, 3, failed=2)])
    add_usage(read, [])

    assert used(read) == [hour(NINE, 6, refused=1, failed=2)]
    assert used(read, OTHER) == [hour(NINE, 5, OTHER)]


def test_no_count_is_lost_when_processes_add_at_once(read: Database) -> None:
    counted = [hour(NINE + timedelta(hours=n), 1, client) for n in range(10) for client in (CLIENT, OTHER)]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda turn: add_usage(read, counted[:: 1 if turn % 2 else -1]), range(20)))

    assert [each.requests for each in used(read)] == [20] * 10


def test_the_newest_hours_come_first(read: Database) -> None:
    add_usage(read, [hour(NINE + timedelta(hours=n), n + 1) for n in range(3)])

    assert [each.requests for each in used(read, limit=2)] == [3, 2]
    assert usage_of(read, CLIENT, since=NINE, before=NINE, limit=10) == []


def test_days_long_ago_keep_their_sums_only(read: Database) -> None:
    yesterday = NINE - timedelta(days=1)
    add_usage(read, [hour(yesterday, 2, refused=1), hour(yesterday + timedelta(hours=5), 3), hour(NINE, 4)])
    midnight = yesterday.replace(hour=0)

    assert roll_up(read, NINE) == 2
    assert roll_up(read, NINE) == 0
    assert used(read) == [hour(NINE, 4), Usage(CLIENT, "day", midnight, 5, 1, 0)]

    add_usage(read, [hour(yesterday, 1)])  # a process that could not write for a day
    assert roll_up(read, NINE) == 1
    assert used(read)[1] == Usage(CLIENT, "day", midnight, 6, 1, 0)
