"""Puts a backup back into an empty place: all of it, or up to a position; interrupted, it is begun anew.

The log is written in one transaction, the last one: a place without events is a place that was not restored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from countersign.eventstore.backup import command_keys, events, kept_rows
from countersign.eventstore.backup.archive import reading
from countersign.eventstore.backup.kept_rows import KeptTable
from countersign.eventstore.backup.making import BLOBS, COMMAND_KEYS, EVENTS, Told
from countersign.eventstore.backup.manifest import CONTENT, Manifest
from countersign.eventstore.backup.people_keys import put_back_keys
from countersign.eventstore.backup.refusals import BackupDamaged, BackupUnusable
from countersign.eventstore.backup.sealing import SealedSource
from countersign.eventstore.backup.target import Target
from countersign.eventstore.blobs import Blobs
from countersign.eventstore.databases import Database, Databases
from countersign.eventstore.open_store import open_blobs

_WHOLE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where to; `kept` are the tables that a backup holds beside the log, which must be there already."""

    databases: Databases
    kept: Sequence[KeptTable]


def require_empty(log: Database) -> None:
    """Make sure that nothing is there which a restore would disturb.

    Raises:
        PlaceNotEmpty: there is a log already.
    """
    with log.write() as connection:
        events.require_reached(connection, 0)


def restore_backup(
    target: Target,
    key: bytes,
    chain: Sequence[Manifest],
    place: Place,
    told: Told,
    *,
    position: int | None = None,
    erased_since: Iterable[UUID] = (),
) -> int:
    """Put back a whole backup and those that continue it, up to a position (None: as far as they go).

    Gives the position that was reached.

    Raises:
        PlaceNotEmpty: there is a log already.
        BackupUnusable: one of them cannot be read; no event was written.
        TargetUnavailable, DatabaseUnavailable: likewise.
    """
    first, last = chain[0], chain[-1]
    reached = last.position if position is None else position
    if not first.after <= reached <= last.position:
        span = f"{first.after} to {last.position}"
        raise BackupUnusable(f"{last.name} holds the positions {span}, not {reached}")
    with place.databases.log.write() as log:
        for each in chain:
            if each.after <= reached:
                restoring = _Restoring(place, log, min(reached, each.position), told)
                _put_back(target, key, each, restoring, erased_since)
    return reached


def _put_back(
    target: Target, key: bytes, manifest: Manifest, restoring: _Restoring, erased_since: Iterable[UUID]
) -> None:
    place = restoring.place
    with target.reading(f"{manifest.name}/{CONTENT}") as source:
        events.require_reached(restoring.log, manifest.after)
        put_back_keys(target, key, manifest.name, place.databases.keys, erased_since)
        with place.databases.read.write() as read:  # of an earlier part, or of a restore that was interrupted
            kept_rows.empty(read, place.kept)
        for name, each in reading(SealedSource(source, key, manifest.name, CONTENT)):
            restoring.take(name, each)
        restoring.require_all(manifest)


@dataclass(slots=True)
class _Restoring:
    place: Place
    log: Connection
    position: int
    told: Told
    last: int = 0
    blobs: int = 0
    tables: dict[str, KeptTable] = field(init=False)
    contents: Blobs = field(init=False)

    def __post_init__(self) -> None:
        self.tables = {kept.table.name: kept for kept in self.place.kept}
        self.contents = open_blobs(self.place.databases)

    def take(self, name: str, content: bytes) -> None:
        kind, _, rest = name.partition("/")
        if kind == EVENTS:
            self._events(content)
        elif kind == COMMAND_KEYS:
            rows = command_keys.unpacked(content)
            command_keys.insert(self.log, [row for row in rows if row[3] <= self.position])
        elif kind == BLOBS:
            self._blob(rest, content)
        else:
            self._rows(kind, content)

    def require_all(self, manifest: Manifest) -> None:
        if max(self.last, manifest.after) != self.position or self.blobs != manifest.blobs:
            raise BackupDamaged(f"{manifest.name} does not hold what its manifest says")

    def _events(self, content: bytes) -> None:
        page = [event for event in events.unpacked(content) if event[0] <= self.position]
        events.insert(self.log, page)
        if page:
            self.last = page[-1][0]
            self.told(_WHOLE * self.last // self.position, EVENTS)

    def _blob(self, digest: str, content: bytes) -> None:
        if self.contents.put(content) != digest:
            raise BackupDamaged(f"the content {digest} is not what its name says")
        self.blobs += 1

    def _rows(self, table: str, content: bytes) -> None:
        with self.place.databases.read.write() as connection:
            if table in self.tables:
                kept_rows.put_back(connection, self.tables[table], content, self.position)
