"""Tables that nothing can make again from the log, such as work that was begun: row by row in a backup."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Column, ColumnElement, Connection, Table, delete, insert, select, true

from countersign.eventstore.databases import Database

PAGE: Final = 1_000

KeptRow = dict[str, Any]
_READ: Final[Mapping[type, Callable[[str], Any]]] = {UUID: UUID, datetime: datetime.fromisoformat}
_ALL: Final = true()


def _as_it_is(row: KeptRow, _position: int) -> KeptRow | None:
    return row


@dataclass(frozen=True, slots=True)
class KeptTable:
    """A table of the read database that goes into backups.

    `which` rows do; `as_of` is what becomes of a row where the log is only restored up to a position.
    """

    table: Table
    which: ColumnElement[bool] = _ALL
    as_of: Callable[[KeptRow, int], KeptRow | None] = _as_it_is


@contextmanager
def spooled(read: Database, tables: Sequence[KeptTable]) -> Iterator[Iterator[tuple[str, int, bytes]]]:
    """The pages of these tables as of one moment: the table's name, the number of rows, and the page."""
    with tempfile.TemporaryFile() as spool:
        index: list[tuple[str, int, int]] = []
        with read.read() as connection:
            for kept in tables:
                for page in _pages(connection, kept):
                    content = msgspec.msgpack.encode(page)
                    spool.write(content)
                    index.append((kept.table.name, len(page), len(content)))
        spool.seek(0)
        yield ((name, rows, spool.read(size)) for name, rows, size in index)


def empty(connection: Connection, tables: Sequence[KeptTable]) -> None:
    """Take away all rows."""
    for kept in tables:
        connection.execute(delete(kept.table))


def put_back(connection: Connection, kept: KeptTable, content: bytes, position: int) -> None:
    """Write a page of rows, as they are as of a position."""
    rows = [kept.as_of(typed(kept.table, row), position) for row in msgspec.msgpack.decode(content)]
    if wanted := [row for row in rows if row is not None]:
        connection.execute(insert(kept.table), wanted)


def _pages(connection: Connection, kept: KeptTable) -> Iterator[list[KeptRow]]:
    query = select(kept.table).where(kept.which).order_by(*kept.table.primary_key)
    found = connection.execution_options(stream_results=True, yield_per=PAGE).execute(query)
    for part in found.mappings().partitions(PAGE):
        yield [dict(row) for row in part]


def typed(table: Table, row: Mapping[str, Any]) -> KeptRow:
    """A row as the table takes it; a column that there is no more is left out."""
    return {name: _value(table.c[name], value) for name, value in row.items() if name in table.c}


def _value(column: Column[Any], value: Any) -> Any:
    read = _READ.get(column.type.python_type)
    return read(value) if read and isinstance(value, str) else value
