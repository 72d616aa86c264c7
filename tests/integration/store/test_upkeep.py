"""Sizes, advice, slow statements and tidying, on both kinds of database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.open_store import create_tables
from countersign.eventstore.slow_watch import Slow, without_places
from countersign.eventstore.upkeep.index_advice import FEW_ROWS, Advice, index_advice
from countersign.eventstore.upkeep.optimising import optimise
from countersign.eventstore.upkeep.pools import pool_status
from countersign.eventstore.upkeep.slow_statements import add_slow, forget_slow, keep_slow_statements, slowest
from countersign.eventstore.upkeep.table_volumes import database_volume, table_volumes

NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 20000)"
FILL = "INSERT INTO shelf " + NUMBERS + " SELECT {} FROM numbers"  # noqa: S608
SLOW = NUMBERS + " SELECT count(*) FROM numbers JOIN shelf ON shelf.title = 'x' || n"  # noqa: S608 - of constants


@pytest.fixture
def database(database_url: str) -> Iterator[Databases]:
    """Every statement is slow here, so that a fast machine shows as much as a slow one."""
    databases = Databases(DatabaseOptions(url=database_url, slow_statement_ms=1))
    create_tables(databases)
    with databases.read.write() as connection:
        connection.execute(text("CREATE TABLE shelf (number INTEGER PRIMARY KEY, place INTEGER, title TEXT)"))
        connection.execute(text("CREATE INDEX shelf_place ON shelf (place)"))
        connection.execute(text("CREATE INDEX shelf_place_title ON shelf (place, title)"))
        connection.execute(text(FILL.format("n, n, 'a book with a long title' || n")))
    yield databases
    databases.close()


def test_each_table_tells_how_much_is_in_it(database: Databases) -> None:
    optimise(database.read, lambda _: None)

    largest = table_volumes(database.read)[0]

    assert (largest.database, largest.table, largest.rows) == ("read", "shelf", 20_000)
    whole = database_volume(database.read)
    assert whole.size_bytes > 20_000 * 40
    if largest.table_bytes is not None:  # not every SQLite keeps the figures
        assert whole.size_bytes >= largest.total_bytes > largest.table_bytes > 20_000 * 20


def test_tidying_gives_back_the_room_of_what_was_deleted(database: Databases) -> None:
    with database.read.write() as connection:
        connection.execute(text("DELETE FROM shelf"))
    before = database_volume(database.read).size_bytes
    told: list[str] = []

    done = optimise(database.read, told.append)

    assert done.tables == len(told) > 0
    assert done.freed_bytes == before - database_volume(database.read).size_bytes > 100_000


def test_an_index_that_begins_another_is_called_redundant(database: Databases) -> None:
    found = [each for each in index_advice(database.read) if each.advice is Advice.REDUNDANT]

    assert [(each.table, each.index) for each in found] == [("shelf", "shelf_place")]
    assert "shelf_place_title" in found[0].because


def test_the_tables_of_the_service_have_no_redundant_index(database: Databases) -> None:
    for each in (database.log, database.keys):
        assert [found for found in index_advice(each) if found.advice is Advice.REDUNDANT] == []


def test_a_slow_statement_is_counted_without_what_it_was_given(database: Databases) -> None:
    keep_slow_statements(database)
    for _ in range(2):
        with database.read.read() as connection:
            connection.execute(text(f"{SLOW} WHERE shelf.title <> :secret"), {"secret": "hush"})
    database.slow.flush()

    (slow,) = [each for each in slowest(database.read, 0) if "shelf.title" in each.statement]

    assert (slow.calls, slow.counted_by) == (2, "own")
    assert slow.total_ms >= slow.longest_ms >= slow.mean_ms > 1
    assert "hush" not in slow.statement
    assert slow.last_at is not None
    assert datetime.now(UTC) - slow.last_at < timedelta(minutes=1)

    database.slow.close()
    assert forget_slow(database.read, datetime.now(UTC)) > 0
    assert slowest(database.read, 0) == []


def test_without_a_threshold_nothing_is_counted(database_url: str, database: Databases) -> None:
    careless = Databases(replace(database.options, slow_statement_ms=0))
    keep_slow_statements(careless)
    with careless.read.read() as connection:
        connection.execute(text(SLOW))
    careless.close()

    assert slowest(database.read, 0) == []


def test_pools_tell_how_many_connections_are_in_use(database: Databases) -> None:
    with database.read.read():
        status = pool_status(database)

    assert sum(pool.in_use for pool in status.pools) == 1
    assert all(pool.idle <= pool.size for pool in status.pools)
    if database.folder is None:
        assert status.most is not None
        assert any(each.application == "countersign" for each in status.server)
    else:
        assert (status.server, status.most) == ((), None)


def test_lists_of_any_length_are_the_same_statement() -> None:
    few = "SELECT a FROM b WHERE c IN (?, ?) AND d = ?"
    many = "SELECT a\n FROM b WHERE c IN (?, ?, ?, ?) AND d = ?"
    rows = "INSERT INTO b VALUES (%(a)s, %(b)s), (%(c)s, %(d)s)"

    assert without_places(few) == without_places(many) == "SELECT a FROM b WHERE c IN (...) AND d = ?"
    assert without_places(rows) == "INSERT INTO b VALUES (...)"


def test_a_large_table_that_a_slow_statement_reads_through_lacks_an_index(sqlite_url: str) -> None:
    databases = Databases(DatabaseOptions(url=sqlite_url))
    create_tables(databases)
    keep_slow_statements(databases)
    with databases.read.write() as connection:
        for table, most in (("shelf", FEW_ROWS), ("pile", FEW_ROWS - 1)):
            connection.execute(text(f"CREATE TABLE {table} (number INTEGER PRIMARY KEY, title TEXT)"))
            filled = FILL.replace("INTO shelf", f"INTO {table}").format("n, 'a' || n")
            connection.execute(text(f"{filled} LIMIT {most}"))
    slow = (
        "SELECT count(*) FROM shelf WHERE title || title LIKE ?",
        "WITH found AS (SELECT 1 AS one) SELECT * FROM found, pile WHERE title LIKE ?",
    )
    add_slow(databases.read, [Slow(each, 1, 2.0, 2.0, datetime.now(UTC)) for each in slow])

    missing = [each.table for each in index_advice(databases.read) if each.advice is Advice.MISSING]

    assert missing == ["shelf"]
    databases.close()
