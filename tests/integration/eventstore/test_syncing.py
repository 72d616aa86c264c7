"""A transaction that need not wait for the disk tells the database so, and the next one does wait again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from countersign.eventstore.databases import Databases

HOW = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW synchronous_commit"}
WAITS = {"sqlite": 2, "postgresql": "on"}
DOES_NOT = {"sqlite": 1, "postgresql": "off"}


def how(connection: Connection) -> Any:
    return connection.exec_driver_sql(HOW[connection.dialect.name]).scalar_one()


def test_only_a_transaction_that_says_so_does_not_wait_for_the_disk(databases: Databases) -> None:
    found = []
    for synced in (True, False, True):
        with databases.read.write(synced=synced) as connection:
            found.append(how(connection))

    dialect = databases.read.dialect
    assert found == [WAITS[dialect], DOES_NOT[dialect], WAITS[dialect]]


def test_what_did_not_wait_is_there_for_the_next(databases: Databases) -> None:
    with databases.read.write(synced=False) as connection:
        connection.exec_driver_sql("CREATE TABLE noted (word TEXT)")
        connection.exec_driver_sql("INSERT INTO noted VALUES ('unsynced')")
    with databases.read.read() as connection:
        assert connection.exec_driver_sql("SELECT word FROM noted").scalars().all() == ["unsynced"]
