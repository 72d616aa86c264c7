"""The keys of people, a part of their own of a backup, with the register of erasures, which comes first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from countersign.eventstore.backup.archive import reading
from countersign.eventstore.backup.kept_rows import KeptRow, KeptTable, spooled, typed
from countersign.eventstore.backup.manifest import KEYS
from countersign.eventstore.backup.sealing import SealedSource
from countersign.eventstore.backup.target import Target
from countersign.eventstore.databases import Database
from countersign.eventstore.erasures import erase
from countersign.eventstore.master_key_in_use import master_key_in_use
from countersign.eventstore.subject_keys import erasures, subject_keys

KEPT: Final = tuple(map(KeptTable, (erasures, master_key_in_use, subject_keys)))
"""The register comes first, so that a key that must not come back is known before it is read."""

_TABLES: Final = {kept.table.name: kept.table for kept in KEPT}


def register_of(target: Target, key: bytes, name: str) -> set[UUID]:
    """Whose keys were destroyed before that backup was made.

    Raises:
        BackupUnusable: it cannot be read.
    """
    return {row["subject"] for table, rows in _pages(target, key, name) if table is erasures for row in rows}


def put_back_keys(
    target: Target, key: bytes, name: str, keys: Database, erased_since: Iterable[UUID] = ()
) -> None:
    """Put the keys back, but those of nobody who was erased before or since; what is there already stays.

    Raises:
        BackupUnusable: it cannot be read.
    """
    gone = set(erased_since)
    erase(keys, gone)
    for table, rows in _pages(target, key, name):
        if table is erasures:
            gone |= {row["subject"] for row in rows}
        _add(keys, table, [row for row in rows if table is erasures or row.get("subject") not in gone])
    erase(keys, gone)  # also the key of somebody that was there already


def copy_keys(source: Database, to: Database) -> None:
    """Add to a copy of the service the keys of people who have come since it was made."""
    with spooled(source, KEPT) as pages:
        for name, _, content in pages:
            table = _TABLES[name]
            _add(to, table, [typed(table, row) for row in msgspec.msgpack.decode(content)])


def _pages(target: Target, key: bytes, name: str) -> Iterator[tuple[Table, list[KeptRow]]]:
    with target.reading(f"{name}/{KEYS}") as source:
        for entry, content in reading(SealedSource(source, key, name, KEYS)):
            table = _TABLES[entry.split("/")[0]]
            yield table, [typed(table, row) for row in msgspec.msgpack.decode(content)]


def _add(keys: Database, table: Table, rows: list[KeptRow]) -> None:
    if not rows:
        return
    with keys.write() as connection:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(dialect.insert(table).on_conflict_do_nothing(), rows)
