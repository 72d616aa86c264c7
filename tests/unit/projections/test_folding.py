"""Rows folded in memory and written in bulk are those that a plain dictionary would hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, Text, event, select

from countersign.eventstore.databases import Database
from countersign.projections.building.placing import Placed
from countersign.projections.folding.bulk_write import write
from countersign.projections.folding.loading_rows import LoadingRows
from countersign.projections.folding.rows import Rows
from countersign.projections.past.in_memory import in_memory

metadata = MetaData()


def values_of_a_note() -> tuple[Column[Any], ...]:
    return (
        Column("text", Text, nullable=False, default=""),
        Column("marks", Integer, nullable=False, default=0),
        Column("about", Text),
    )


pages = Table(
    "pages_v1",
    metadata,
    Column("book", Integer, primary_key=True),
    Column("page", Integer, primary_key=True),
    *values_of_a_note(),
)
books = Table("books_v1", metadata, Column("book", Integer, primary_key=True), *values_of_a_note())
PLACED: Placed = {pages: pages, books: books}

Values = dict[str, Any]
Step = tuple[str, Table, Values, Values]

KEYS = st.fixed_dictionaries({"book": st.integers(0, 3), "page": st.integers(0, 2)})
VALUES = st.fixed_dictionaries(
    {},
    optional={"text": st.sampled_from("abc"), "marks": st.integers(0, 2), "about": st.none() | st.just("x")},
)
VERBS = ("insert", "upsert", "update", "delete", "delete group", "delete some", "get", "group", "some")
STEPS = st.lists(
    st.tuples(st.sampled_from(VERBS), st.sampled_from([pages, books]), KEYS, VALUES), max_size=15
)
BATCHES = st.lists(STEPS, min_size=1, max_size=6)


class PlainRows:
    """What the verbs of `Rows` mean, one row at a time."""

    def __init__(self) -> None:
        self.of: dict[Table, dict[tuple[Any, ...], Values]] = {pages: {}, books: {}}

    def get(self, table: Table, **key: Any) -> Values | None:
        return self.of[table].get(tuple(key.values()))

    def find(self, table: Table, **equal: Any) -> list[Values]:
        return [row for row in self.of[table].values() if equal.items() <= row.items()]

    def upsert(self, table: Table, **values: Any) -> None:
        key = tuple(values[column.name] for column in table.primary_key)
        blank = {"text": "", "marks": 0, "about": None}
        self.of[table][key] = {**self.of[table].get(key, blank), **values}

    insert = upsert

    def update(self, table: Table, key: Mapping[str, Any], **values: Any) -> None:
        if tuple(key.values()) in self.of[table]:
            self.upsert(table, **key, **values)

    def delete(self, table: Table, **equal: Any) -> None:
        gone = self.find(table, **equal)
        self.of[table] = {key: row for key, row in self.of[table].items() if row not in gone}


def told(rows: Rows | PlainRows, plain: PlainRows, step: Step) -> list[Values]:
    """Does one thing; what was found, in order."""
    verb, table, among, values = step
    key = {column.name: among[column.name] for column in table.primary_key}
    if verb == "get":
        return [dict(row)] if (row := rows.get(table, **key)) else []
    if verb in ("group", "some"):
        return in_order(rows.find(table, **({"book": key["book"]} if verb == "group" else {**values})))
    if verb == "update":
        rows.update(table, key, **values)
    elif verb.startswith("delete"):
        of = {"delete": key, "delete group": {"book": key["book"]}, "delete some": {"text": "a", **values}}
        rows.delete(table, **of[verb])
    elif verb == "upsert" or plain.get(table, **key) is None:
        (rows.insert if verb == "insert" else rows.upsert)(table, **key, **values)
    return []


def in_order(rows: Iterable[Any]) -> list[Values]:
    return sorted((dict(row) for row in rows), key=lambda row: (row["book"], row.get("page", 0)))


def fold(rows: Rows, plain: PlainRows, steps: Sequence[Step]) -> None:
    for step in steps:
        found = told(rows, plain, step)
        assert found == told(plain, plain, step)


def require_same(read: Database, plain: PlainRows) -> None:
    with read.read() as connection:
        for table, rows in plain.of.items():
            stored = connection.execute(select(table)).mappings().all()
            assert in_order(stored) == in_order(list(rows.values()))


@contextmanager
def empty_database() -> Iterator[Database]:
    read = in_memory("folding", 1 << 20)
    with read.write() as connection:
        metadata.create_all(connection)
    yield read
    read.connections.close()


@settings(max_examples=60, deadline=None)
@given(BATCHES, st.lists(st.integers(0, 5), unique=True))
def test_each_batch_leaves_the_rows_that_its_steps_mean(
    batches: list[list[Step]], expected: list[int]
) -> None:
    plain = PlainRows()
    with empty_database() as read:
        for steps in batches:
            with read.write() as connection:
                rows = Rows(connection, expected=expected)
                fold(rows, plain, steps)
                rows.flush()
            require_same(read, plain)


def test_what_is_expected_is_read_in_one_query_when_the_first_of_it_is_asked_for() -> None:
    asked: list[str] = []
    with empty_database() as read, read.write() as connection:
        event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
        rows = Rows(connection, expected=[1, 2, 3])
        assert [rows.get(pages, book=book, page=1) for book in (2, 1, 3)] == [None] * 3
        assert len(asked) == 1
        rows.get(pages, book=4, page=1)
        assert len(asked) == 2


@pytest.mark.parametrize("remember", [0, 3, 1_000])
@settings(max_examples=60, deadline=None)
@given(batches=BATCHES, again_after=st.integers(0, 6))
def test_so_does_a_load_that_keeps_rows_and_one_that_goes_on_where_it_stopped(
    remember: int, batches: list[list[Step]], again_after: int
) -> None:
    plain = PlainRows()
    with empty_database() as read:
        rows = LoadingRows(read, lambda: None, PLACED, remember)
        for number, steps in enumerate(batches):
            if number == again_after:
                rows = LoadingRows(read, lambda: None, PLACED, remember)
            fold(rows, plain, steps)
            changes = rows.changes()
            with read.write() as connection:
                for of_table in changes:
                    write(connection, of_table)
            require_same(read, plain)
