"""The statements of the log in an SQLite file, over a cursor of the driver."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from countersign.eventstore.admission import MAX_VERSION
from countersign.eventstore.log import Append, Recorded, StoredReceipt

_PAGE = """
    SELECT position, stream, version, topic, recorded_at, state, metadata
    FROM events WHERE position > ? ORDER BY position LIMIT ?"""
_STREAM = """
    SELECT position, stream, version, topic, recorded_at, state, metadata
    FROM events WHERE stream = ? AND version > ? AND version <= ? ORDER BY version"""
_LAST = "SELECT position, recorded_at FROM events ORDER BY position DESC LIMIT 1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def page(cursor: sqlite3.Cursor, after: int, limit: int) -> list[Recorded]:
    """The next events behind a position."""
    return list(map(_recorded, cursor.execute(_PAGE, (after, limit))))


def stream_events(
    cursor: sqlite3.Cursor, stream: UUID, after_version: int, up_to_version: int | None
) -> list[Recorded]:
    """The events of one stream."""
    last = MAX_VERSION if up_to_version is None else up_to_version
    return list(map(_recorded, cursor.execute(_STREAM, (stream.bytes, after_version, last))))


def last_event(cursor: sqlite3.Cursor) -> tuple[int, int]:
    """Position and time of the last event, in microseconds; zeros while the log is empty."""
    row: tuple[int, int] | None = cursor.execute(_LAST).fetchone()
    return row or (0, 0)


def recorded_at(cursor: sqlite3.Cursor, position: int) -> int:
    """The time of the event at a position, in microseconds."""
    row = cursor.execute("SELECT recorded_at FROM events WHERE position = ?", (position,)).fetchone()
    return int(row[0])


def version_of(cursor: sqlite3.Cursor, stream: UUID) -> int:
    """The stream's version; 0 when there is no such stream."""
    row = cursor.execute("SELECT max(version) FROM events WHERE stream = ?", (stream.bytes,)).fetchone()
    return row[0] or 0


def receipt_of(cursor: sqlite3.Cursor, actor: UUID, key: str) -> StoredReceipt | None:
    """What is stored under a command key."""
    row = cursor.execute(
        "SELECT digest, position, receipt FROM command_keys WHERE actor = ? AND key = ?", (actor.bytes, key)
    ).fetchone()
    return StoredReceipt(*row) if row else None


def insert(cursor: sqlite3.Cursor, accepted: Iterable[tuple[Append, int]], at_us: int) -> None:
    """Write the accepted appends, each with the position before its first event."""
    events: list[tuple[Any, ...]] = []
    keys: list[tuple[Any, ...]] = []
    for append, base in accepted:
        events.extend(
            (position, event.stream.bytes, event.version, event.topic, at_us, event.state, event.metadata)
            for position, event in enumerate(append.events, base + 1)
        )
        if key := append.command_key:
            position = base + len(append.events)
            keys.append((key.actor.bytes, key.key, key.digest, position, append.receipt))
    cursor.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)", events)
    cursor.executemany("INSERT INTO command_keys VALUES (?, ?, ?, ?, ?)", keys)


def microseconds(at: datetime) -> int:
    """A time as it is stored."""
    return (at - _EPOCH) // _MICROSECOND


def time(at_us: int) -> datetime:
    """A stored time."""
    return _EPOCH + timedelta(microseconds=at_us)


def _recorded(row: tuple[int, bytes, int, str, int, bytes, bytes]) -> Recorded:
    position, stream, version, topic, at_us, state, metadata = row
    return Recorded(position, UUID(bytes=stream), version, topic, time(at_us), state, metadata)
