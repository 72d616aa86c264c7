"""The events of the log in a backup: the same bytes whichever database they come from or go to."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

import msgspec
from sqlalchemy import Connection, text

from countersign.eventstore.backup.refusals import BackupDamaged, PlaceNotEmpty
from countersign.eventstore.log import Log, Recorded

PAGE: Final = 2_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_LOCK: Final = "SELECT pg_advisory_xact_lock(5180277311)"
_INSERT: Final = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)"
_COPY: Final = (
    "COPY events (position, stream, version, topic, recorded_at, state, metadata) FROM STDIN (FORMAT text)"
)

Packed = tuple[int, bytes, int, str, int, bytes, bytes]
"""Position, stream, version, topic, microseconds since 1970, state, metadata."""

_decoder: Final = msgspec.msgpack.Decoder(list[Packed])


def pages(log: Log, after: int, up_to: int) -> Iterator[Sequence[Recorded]]:
    """The events behind a position and up to another. They never change, so no snapshot is held meanwhile.

    Raises:
        BackupDamaged: the log itself lacks an event.
    """
    while after < up_to:
        page = log.read(after, min(PAGE, up_to - after))
        if not page or page[0].position != after + 1 or page[-1].position != after + len(page):
            raise BackupDamaged(f"of the events behind position {after} of the log some are missing")
        yield page
        after = page[-1].position


def packed(page: Sequence[Recorded]) -> bytes:
    """A page as it stands in a backup."""
    return msgspec.msgpack.encode(
        [
            (one.position, one.stream.bytes, one.version, one.topic, _us(one.recorded_at), *one[5:])
            for one in page
        ]
    )


def unpacked(content: bytes) -> list[Packed]:
    """The events of such a page."""
    return _decoder.decode(content)


def require_reached(connection: Connection, position: int) -> None:
    """Hold the log still until the transaction ends, and make sure that it ends at that position.

    Raises:
        PlaceNotEmpty: it goes on; or it does not reach so far.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(_LOCK))
    head = connection.scalar(text("SELECT coalesce(max(position), 0) FROM events"))
    if head != position:
        raise PlaceNotEmpty(
            f"the log there has {head} events already, and a restore never overwrites: "
            "name an empty folder or database"
            if position == 0
            else f"the log there ends at {head}, and this continues {position}"
        )


def insert(connection: Connection, events: Sequence[Packed]) -> None:
    """Write events as they are into the log that is held still."""
    driver = cast("Any", connection.connection.driver_connection)
    if connection.dialect.name == "sqlite":
        cast("sqlite3.Connection", driver).executemany(_INSERT, events)
        return
    with driver.cursor() as cursor:
        cursor.copy_expert(_COPY, io.StringIO("".join(map(_line, events))))


def copied_text(value: str) -> str:
    """A text as COPY takes it."""
    return value.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


def _line(event: Packed) -> str:
    position, stream, version, topic, at_us, state, metadata = event
    at = (_EPOCH + at_us * _MICROSECOND).isoformat()
    return (
        f"{position}\t{UUID(bytes=stream)}\t{version}\t{copied_text(topic)}\t{at}"
        f"\t\\\\x{state.hex()}\t\\\\x{metadata.hex()}\n"
    )


def _us(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND
