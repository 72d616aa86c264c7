from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, Uuid, insert

from countersign.eventstore.databases import Database, Databases
from countersign.projections.columns import Instant
from countersign.projections.keyset import BadCursor, Keyset, Page
from countersign.projections.reading import having, page

metadata = MetaData()
visits = Table(
    "visits",
    metadata,
    Column("visit_id", Uuid, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("town", Text, nullable=False),
    Column("guests", Integer, nullable=False),
)
BEGIN = datetime(2026, 11, 23, tzinfo=UTC)
BY_TIME = Keyset("at", (visits.c.at, visits.c.visit_id))
NEWEST_FIRST = Keyset("at", (visits.c.at, visits.c.visit_id), descending=True)
BY_TOWN = Keyset("town", (visits.c.town, visits.c.guests, visits.c.visit_id))


@dataclass(frozen=True)
class Visit:
    visit_id: UUID
    guests: int


@pytest.fixture
def read(databases: Databases) -> Database:
    databases.read.create(metadata)
    add(databases.read, *range(10))
    return databases.read


def add(read: Database, *numbers: int) -> None:
    # Three visits at each moment, so that pages end between rows that only the id tells apart.
    rows = [
        {"visit_id": UUID(int=n), "at": BEGIN + timedelta(hours=n // 3), "town": f"Ö{n % 4}", "guests": n}
        for n in numbers
    ]
    with read.write() as connection:
        connection.execute(insert(visits), rows)


def one_page(read: Database, order: Keyset, cursor: str | None = None, limit: int = 3) -> Page[Visit]:
    return page(read, Visit, order, having(visits, Visit), cursor, limit)


def all_pages(read: Database, order: Keyset) -> list[int]:
    found: list[int] = []
    cursor: str | None = None
    while True:
        current = one_page(read, order, cursor)
        found += [visit.guests for visit in current.rows]
        cursor = current.next_cursor
        if cursor is None:
            return found


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (BY_TIME, list(range(10))),
        (NEWEST_FIRST, list(range(9, -1, -1))),
        (BY_TOWN, [0, 4, 8, 1, 5, 9, 2, 6, 3, 7]),
    ],
)
def test_pages_together_hold_every_row_once_and_in_order(
    read: Database, order: Keyset, expected: list[int]
) -> None:
    assert all_pages(read, order) == expected


def test_the_last_page_has_no_cursor_even_when_it_is_full(read: Database) -> None:
    assert one_page(read, BY_TIME, limit=10).next_cursor is None
    assert one_page(read, BY_TIME, limit=9).next_cursor is not None


def test_rows_added_in_front_do_not_move_the_pages_behind(read: Database) -> None:
    first = one_page(read, NEWEST_FIRST)
    add(read, 100, 101)
    second = one_page(read, NEWEST_FIRST, first.next_cursor)
    assert [visit.guests for visit in second.rows] == [6, 5, 4]


def test_rows_added_behind_appear_on_a_later_page(read: Database) -> None:
    first = one_page(read, BY_TIME)
    add(read, 100)
    rest = one_page(read, BY_TIME, first.next_cursor, limit=50)
    assert [visit.guests for visit in rest.rows] == [3, 4, 5, 6, 7, 8, 9, 100]


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "nonsense",
        "ä",
        base64.urlsafe_b64encode(b'["at","not a time","00000000-0000-0000-0000-000000000001"]').decode(),
        base64.urlsafe_b64encode(
            b'["at","2026-11-23T00:00:00","00000000-0000-0000-0000-000000000001"]'
        ).decode(),
        base64.urlsafe_b64encode(b'["at","2026-11-23T00:00:00Z"]').decode(),
        base64.urlsafe_b64encode(b'{"at":1}').decode(),
    ],
)
def test_a_cursor_that_was_not_given_out_is_refused(read: Database, cursor: str) -> None:
    with pytest.raises(BadCursor):
        one_page(read, BY_TIME, cursor)


@pytest.mark.parametrize(
    "values",
    [
        b'["town","a\\u0000b",1,"00000000-0000-0000-0000-000000000001"]',
        b'["town","\\ud800",1,"00000000-0000-0000-0000-000000000001"]',
        b'["town","a",9223372036854775808,"00000000-0000-0000-0000-000000000001"]',
        b'["town","a",-99999999999999999999,"00000000-0000-0000-0000-000000000001"]',
    ],
)
def test_a_forged_cursor_cannot_reach_the_database(read: Database, values: bytes) -> None:
    with pytest.raises(BadCursor):
        one_page(read, BY_TOWN, base64.urlsafe_b64encode(values).decode())


@pytest.mark.parametrize(
    "moment",
    [
        "9999-12-31T23:59:59-23:00",
        "0001-01-01T00:00:00+23:00",
        "0001-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "2026-11-23T00:00:00",
    ],
)
def test_a_forged_moment_cannot_reach_the_database(read: Database, moment: str) -> None:
    values = f'["-at","{moment}","00000000-0000-0000-0000-000000000001"]'
    with pytest.raises(BadCursor):
        one_page(read, NEWEST_FIRST, base64.urlsafe_b64encode(values.encode()).decode())


def test_the_last_moment_of_all_leads_to_the_newest_rows(read: Database) -> None:
    values = b'["-at","9999-12-31T23:59:59.999999Z","00000000-0000-0000-0000-000000000001"]'
    found = one_page(read, NEWEST_FIRST, base64.urlsafe_b64encode(values).decode())
    assert [visit.guests for visit in found.rows] == [9, 8, 7]


def test_a_cursor_of_another_order_is_refused(read: Database) -> None:
    cursor = one_page(read, BY_TIME).next_cursor
    with pytest.raises(BadCursor):
        one_page(read, NEWEST_FIRST, cursor)
