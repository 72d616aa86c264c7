"""The command keys in a backup: without them a command that is repeated would happen twice."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any, Final, cast
from uuid import UUID

import msgspec
from sqlalchemy import Connection, text

from countersign.eventstore.backup.events import copied_text
from countersign.eventstore.databases import Database

PAGE: Final = 5_000
_NEXT: Final = text(
    "SELECT actor, key, digest, position, receipt FROM command_keys "
    "WHERE (actor, key) > (:actor, :key) ORDER BY actor, key LIMIT :limit"
)
_INSERT: Final = "INSERT INTO command_keys VALUES (?, ?, ?, ?, ?)"
_COPY: Final = "COPY command_keys (actor, key, digest, position, receipt) FROM STDIN (FORMAT text)"

CommandKeyRow = tuple[bytes, str, bytes, int, bytes]
"""Actor, key, digest, position, receipt."""

_decoder: Final = msgspec.msgpack.Decoder(list[CommandKeyRow])


def pages(database: Database, after: int, up_to: int) -> Iterator[list[CommandKeyRow]]:
    """Those of commands that were answered with a position behind `after` and up to `up_to`."""
    last: tuple[UUID, str] | None = (UUID(int=0), "")
    while last is not None:
        found, last = _page(database, *last)
        if wanted := [row for row in found if after < row[3] <= up_to]:
            yield wanted


def packed(page: Sequence[CommandKeyRow]) -> bytes:
    """A page as it stands in a backup."""
    return msgspec.msgpack.encode(page)


def unpacked(content: bytes) -> list[CommandKeyRow]:
    """The command keys of such a page."""
    return _decoder.decode(content)


def insert(connection: Connection, rows: Sequence[CommandKeyRow]) -> None:
    """Write them into the log that is held still."""
    driver = cast("Any", connection.connection.driver_connection)
    if connection.dialect.name == "sqlite":
        cast("sqlite3.Connection", driver).executemany(_INSERT, rows)
        return
    with driver.cursor() as cursor:
        cursor.copy_expert(_COPY, io.StringIO("".join(map(_line, rows))))


def _page(database: Database, actor: UUID, key: str) -> tuple[list[CommandKeyRow], tuple[UUID, str] | None]:
    behind: Any = actor.bytes if database.dialect == "sqlite" else actor
    with database.read() as connection:
        rows = connection.execute(_NEXT, {"actor": behind, "key": key, "limit": PAGE}).all()
    found = [
        (_uuid(row.actor).bytes, row.key, bytes(row.digest), row.position, bytes(row.receipt)) for row in rows
    ]
    return found, (_uuid(rows[-1].actor), rows[-1].key) if len(rows) == PAGE else None


def _uuid(stored: Any) -> UUID:
    return UUID(bytes=stored) if isinstance(stored, bytes) else UUID(f"{stored}")


def _line(row: CommandKeyRow) -> str:
    actor, key, digest, position, receipt = row
    return f"{UUID(bytes=actor)}\t{copied_text(key)}\t\\\\x{digest.hex()}\t{position}\t\\\\x{receipt.hex()}\n"
