"""Wraps the keys of people under another master key, page by page, while the service goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, func, select, update

from countersign.eventstore.databases import Database
from countersign.eventstore.master_keys import MasterKeys, wrapped_by
from countersign.eventstore.subject_keys import subject_keys

BATCH: Final = 500
_wrapped = subject_keys.c.wrapped


def left_over(database: Database, key_id: str) -> int:
    """How many keys of people this master key did not wrap."""
    query = select(func.count()).select_from(subject_keys).where(_not_by(key_id))
    with database.read() as connection:
        return connection.scalars(query).one()


def rewrap(database: Database, masters: MasterKeys, key_id: str, batch: int = BATCH) -> Iterator[int]:
    """Wrap what another key wrapped under this one; after each committed page, how many it had.

    Wherever it was broken off, it goes on with what is left. A key that was destroyed meanwhile stays so.
    """
    left = select(subject_keys.c.subject, _wrapped).where(_not_by(key_id)).limit(batch)
    while True:
        with database.write() as connection:
            rows = _read(connection, left.order_by(subject_keys.c.subject))
            for subject, wrapped in rows:
                plain = masters.unwrap(subject, wrapped)
                _exchange(connection, subject, wrapped, masters.wrap(key_id, subject, plain))
        if not rows:
            return
        yield len(rows)


def open_all(database: Database, masters: MasterKeys, batch: int = BATCH) -> int:
    """Open each key of a person with these master keys; how many there are.

    Raises:
        MasterKeyMissing: one was wrapped by a key that is not among them.
        InvalidTag: one does not open.
    """
    count = 0
    for rows in _pages(database, batch):
        for subject, wrapped in rows:
            masters.unwrap(subject, wrapped)
        count += len(rows)
    return count


def _pages(database: Database, batch: int) -> Iterator[Sequence[tuple[UUID, bytes]]]:
    query = select(subject_keys.c.subject, _wrapped).order_by(subject_keys.c.subject).limit(batch)
    after: UUID | None = None
    while True:
        with database.read() as connection:
            page = query if after is None else query.where(subject_keys.c.subject > after)
            rows = _read(connection, page)
        if not rows:
            return
        yield rows
        after = rows[-1][0]


def _read(connection: Connection, query: Select[Any]) -> Sequence[tuple[UUID, bytes]]:
    return [(row.subject, row.wrapped) for row in connection.execute(query)]


def _exchange(connection: Connection, subject: UUID, before: bytes, after: bytes) -> None:
    row = (subject_keys.c.subject == subject) & (_wrapped == before)
    connection.execute(update(subject_keys).where(row).values(wrapped=after))


def _not_by(key_id: str) -> ColumnElement[bool]:
    prefix = wrapped_by(key_id)
    return func.substr(_wrapped, 1, len(prefix)) != prefix
