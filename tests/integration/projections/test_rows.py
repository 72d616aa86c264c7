from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, Table, Text, Uuid, select
from sqlalchemy.exc import IntegrityError

from countersign.eventstore.databases import Databases
from countersign.projections.columns import CanonicalJson, Instant
from countersign.projections.folding.rows import MissingRow, Rows
from countersign.projections.folding.table_fold import DuplicateRow

metadata = MetaData()
notes = Table(
    "notes_v1",
    metadata,
    Column("book", Uuid, primary_key=True),
    Column("page", Integer, primary_key=True),
    Column("text", Text, nullable=False, default=""),
    Column("marks", BigInteger, nullable=False, default=0),
    Column("about", CanonicalJson),
    Column("at", Instant),
)
BOOK = UUID(int=7)
AT = datetime(2026, 11, 23, 9, 30, 1, 250, tzinfo=UTC)
AWKWARD = "tab\t newline\n return\r backslash\\ \\N quote\" apostrophe' Größe 電気 🔌"


@pytest.fixture
def connection(databases: Databases) -> Iterator[Connection]:
    databases.read.create(metadata)
    with databases.read.write() as connection:
        yield connection


def stored(connection: Connection) -> list[dict[str, Any]]:
    rows = connection.execute(select(notes).order_by(notes.c.book, notes.c.page)).mappings()
    return [dict(row) for row in rows]


def written(connection: Connection, *pages: int) -> None:
    rows = Rows(connection)
    for page in pages:
        rows.insert(notes, book=BOOK, page=page, text=f"page {page}")
    rows.flush()


def test_an_inserted_row_has_the_defaults_of_columns_that_were_not_named(connection: Connection) -> None:
    written(connection, 1)
    assert stored(connection) == [
        {"book": BOOK, "page": 1, "text": "page 1", "marks": 0, "about": None, "at": None}
    ]


@pytest.mark.parametrize("count", [1, 500])
def test_every_value_comes_back_as_it_was_written(connection: Connection, count: int) -> None:
    values = {"text": AWKWARD, "marks": 2**40, "about": {"b": [AWKWARD, None, 1.5], "a": {}}, "at": AT}
    rows = Rows(connection)
    for page in range(count):
        rows.insert(notes, book=BOOK, page=page, **values)
        rows.upsert(notes, book=UUID(int=8), page=page, **values)
    rows.flush()
    found = stored(connection)
    assert len(found) == 2 * count
    assert all({name: row[name] for name in values} == values for row in found)


@pytest.mark.parametrize("count", [1, 500])
def test_an_upsert_changes_only_the_columns_that_it_names(connection: Connection, count: int) -> None:
    written(connection, *range(count))
    rows = Rows(connection)
    for page in range(count):
        rows.upsert(notes, book=BOOK, page=page, marks=page)
    rows.flush()
    assert [(row["text"], row["marks"]) for row in stored(connection)] == [
        (f"page {page}", page) for page in range(count)
    ]


def test_an_upsert_of_what_is_not_there_makes_it(connection: Connection) -> None:
    rows = Rows(connection)
    rows.upsert(notes, book=BOOK, page=1, marks=3)
    rows.flush()
    assert [(row["text"], row["marks"]) for row in stored(connection)] == [("", 3)]


def test_an_update_of_what_is_not_there_makes_nothing(connection: Connection) -> None:
    rows = Rows(connection)
    rows.update(notes, {"book": BOOK, "page": 1}, marks=3)
    rows.flush()
    assert stored(connection) == []


def test_an_update_of_nothing_followed_by_an_upsert_leaves_only_the_upsert(connection: Connection) -> None:
    rows = Rows(connection)
    rows.update(notes, {"book": BOOK, "page": 1}, marks=3)
    rows.upsert(notes, book=BOOK, page=1, text="new")
    rows.update(notes, {"book": BOOK, "page": 1}, text="newer")
    rows.flush()
    assert [(row["text"], row["marks"]) for row in stored(connection)] == [("newer", 0)]


def test_changes_of_a_batch_can_be_read_before_they_are_written(connection: Connection) -> None:
    written(connection, 1, 2)
    rows = Rows(connection)
    rows.update(notes, {"book": BOOK, "page": 1}, marks=1)
    rows.upsert(notes, book=BOOK, page=3, marks=3)
    rows.delete(notes, book=BOOK, page=2)
    assert rows.existing(notes, book=BOOK, page=1)["marks"] == 1
    assert rows.get(notes, book=BOOK, page=2) is None
    assert {row["page"] for row in rows.find(notes, book=BOOK)} == {1, 3}
    assert rows.find(notes, marks=3)[0]["page"] == 3
    assert [row["marks"] for row in stored(connection)] == [0, 0]


@pytest.mark.parametrize("change", ["upsert", "update"])
def test_of_two_changes_the_later_one_holds_though_a_neighbour_was_read_between(
    connection: Connection, change: str
) -> None:
    written(connection, 1, 2)
    rows = Rows(connection)
    for text in ("first", "second"):
        if change == "upsert":
            rows.upsert(notes, book=BOOK, page=1, text=text)
        else:
            rows.update(notes, {"book": BOOK, "page": 1}, text=text)
        assert rows.existing(notes, book=BOOK, page=2)["text"] == "page 2"
    rows.flush()
    assert [row["text"] for row in stored(connection)] == ["second", "page 2"]


def test_rows_are_deleted_by_any_of_their_columns(connection: Connection) -> None:
    written(connection, 1, 2)
    rows = Rows(connection)
    rows.insert(notes, book=uuid4(), page=1)
    rows.insert(notes, book=BOOK, page=3)
    rows.delete(notes, book=BOOK)
    rows.flush()
    assert [row["page"] for row in stored(connection)] == [1]
    assert stored(connection)[0]["book"] != BOOK


def test_a_row_can_be_deleted_and_made_again_in_one_batch(connection: Connection) -> None:
    written(connection, 1)
    rows = Rows(connection)
    rows.delete(notes, book=BOOK, page=1)
    rows.insert(notes, book=BOOK, page=1, text="again")
    rows.insert(notes, book=BOOK, page=2, text="short-lived")
    rows.delete(notes, book=BOOK, page=2)
    rows.flush()
    assert [row["text"] for row in stored(connection)] == ["again"]


def test_a_row_that_the_batch_knows_cannot_be_inserted_again(connection: Connection) -> None:
    rows = Rows(connection)
    rows.insert(notes, book=BOOK, page=1)
    with pytest.raises(DuplicateRow):
        rows.insert(notes, book=BOOK, page=1)


@pytest.mark.parametrize("count", [1, 500])
def test_a_row_that_the_table_has_cannot_be_inserted_again(databases: Databases, count: int) -> None:
    databases.read.create(metadata)
    with databases.read.write() as connection:
        written(connection, *range(count))
    with pytest.raises(Exception, match=r"(?i)unique") as refused, databases.read.write() as connection:
        written(connection, *range(count))
    assert isinstance(refused.value, IntegrityError)


def test_a_row_that_must_be_there_is_missed_loudly(connection: Connection) -> None:
    with pytest.raises(MissingRow):
        Rows(connection).existing(notes, book=BOOK, page=1)


def test_a_flush_without_changes_writes_nothing_and_a_second_one_nothing_twice(
    connection: Connection,
) -> None:
    rows = Rows(connection)
    rows.flush()
    rows.insert(notes, book=BOOK, page=1)
    rows.flush()
    rows.flush()
    assert len(stored(connection)) == 1


def test_rows_can_be_placed_in_a_table_of_another_name(connection: Connection) -> None:
    beside = notes.to_metadata(MetaData(), name="notes_beside")
    beside.create(connection)
    rows = Rows(connection, {notes: beside})
    rows.insert(notes, book=BOOK, page=1)
    rows.flush()
    assert stored(connection) == []
    assert len(connection.execute(select(beside)).all()) == 1
