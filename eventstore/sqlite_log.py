"""The log in an SQLite file."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from time import time_ns
from typing import cast
from uuid import UUID

from sqlalchemy import Connection

from countersign.eventstore import sqlite_statements as sql
from countersign.eventstore.admission import admit, size_bytes
from countersign.eventstore.databases import Database
from countersign.eventstore.decision import Accepted, decide, expectations, key_of, outcome
from countersign.eventstore.group_commit import GroupCommit
from countersign.eventstore.log import Append, LogUnavailable, Outcome, Recorded, StoredReceipt
from countersign.eventstore.outage import outages
from countersign.eventstore.per_process import PerProcess
from countersign.eventstore.sqlite_connections import SqliteConnections
from countersign.eventstore.wakeups import LOG, Wakeups


class SqliteLog:
    """See `Log`."""

    def __init__(self, database: Database, wakeups: Wakeups) -> None:
        self._database = database
        self._connections = cast("SqliteConnections", database.connections)
        self._wakeups = wakeups
        self._commits = PerProcess(lambda: GroupCommit[Append, Outcome](self._commit))

    def append(self, append: Append) -> Outcome:
        admit(append)
        return self._commits.get().submit(append, size_bytes(append))

    def read(self, after: int, limit: int) -> list[Recorded]:
        with self._reading() as cursor:
            return sql.page(cursor, after, limit)

    def stream(
        self, stream: UUID, after_version: int = 0, up_to_version: int | None = None
    ) -> list[Recorded]:
        with self._reading() as cursor:
            return sql.stream_events(cursor, stream, after_version, up_to_version)

    def streams(self, after: Mapping[UUID, int]) -> dict[UUID, list[Recorded]]:
        with self._reading() as cursor:
            return {
                stream: sql.stream_events(cursor, stream, version, None) for stream, version in after.items()
            }

    def receipt(self, actor: UUID, key: str) -> StoredReceipt | None:
        with self._reading() as cursor:
            return sql.receipt_of(cursor, actor, key)

    def head(self) -> int:
        with self._reading() as cursor:
            return sql.last_event(cursor)[0]

    def head_unless_gone_on(self, after: Mapping[UUID, int]) -> int | None:
        with self._reading() as cursor:
            head, _ = sql.last_event(
                cursor
            )  # first: what is found unchanged after it was so at that position
            gone_on = any(sql.version_of(cursor, stream) > version for stream, version in after.items())
        return None if gone_on else head

    def position_at(self, at: datetime) -> int:
        with self._reading() as cursor:
            positions = range(1, sql.last_event(cursor)[0] + 1)
            return bisect_right(
                positions, sql.microseconds(at), key=lambda position: sql.recorded_at(cursor, position)
            )

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Cursor]:
        with outages(LogUnavailable), self._connections.driver() as driver:
            yield driver.cursor()

    def _commit(self, batch: Sequence[Append]) -> Sequence[Outcome]:
        with outages(LogUnavailable), self._database.write() as connection:
            outcomes = write_batch(_cursor(connection), batch)
        self._wakeups.signal(LOG)
        return outcomes


def _cursor(connection: Connection) -> sqlite3.Cursor:
    driver = cast("sqlite3.Connection", connection.connection.driver_connection)
    return driver.cursor()


def write_batch(cursor: sqlite3.Cursor, batch: Sequence[Append]) -> list[Outcome]:
    """Decide and write a batch in the transaction under way."""
    head, last_us = sql.last_event(cursor)
    at_us = max(last_us, time_ns() // 1_000)
    streams = {stream for append in batch for stream, _ in expectations(append)}
    versions = {stream: sql.version_of(cursor, stream) for stream in streams}
    keys = [key for append in batch for key in key_of(append) if sql.receipt_of(cursor, *key)]
    verdicts = list(zip(batch, decide(batch, head, versions, keys), strict=True))
    sql.insert(
        cursor,
        [(append, verdict.base) for append, verdict in verdicts if isinstance(verdict, Accepted)],
        at_us,
    )
    at = sql.time(at_us)
    return [
        outcome(append, verdict, at, lambda actor, key: sql.receipt_of(cursor, actor, key))
        for append, verdict in verdicts
    ]
