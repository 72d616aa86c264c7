"""Makes a backup while the service goes on.

Events are never changed and their positions are dense, so no snapshot of the log is held: all up to the
position that it has reached is copied, page by page. What else is in a backup comes in an order in which
nothing can be missing: work that was begun before that position is read, so that a reaction repeats events
rather than passing over some; and keys after it, since a key is there before the first event that needs it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from countersign.eventstore.backup import command_keys, events, kept_rows
from countersign.eventstore.backup.archive import ArchiveWriter, writing
from countersign.eventstore.backup.kept_rows import KeptTable
from countersign.eventstore.backup.manifest import CONTENT, KEYS, Manifest, write_manifest
from countersign.eventstore.backup.people_keys import KEPT
from countersign.eventstore.backup.sealing import SealingSink, Sink
from countersign.eventstore.backup.stored_contents import contents
from countersign.eventstore.backup.target import Target
from countersign.eventstore.blobs import Blobs
from countersign.eventstore.databases import Database, Databases
from countersign.eventstore.log import Log

EVENTS: Final = "events"
COMMAND_KEYS: Final = "command_keys"
BLOBS: Final = "blobs"

Told = Callable[[int, str], None]
"""Is told how much is done, in percent, and with what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Living:
    """What is backed up; `kept` are tables of the read database that the log does not give again."""

    databases: Databases
    log: Log
    blobs: Blobs
    kept: Sequence[KeptTable]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which backup: all of the log, or what is behind `after`, which the backup it `follows` reaches.

    Of the contents those go into it that were stored `since` then.
    """

    id: UUID
    name: str
    made_at: datetime
    after: int = 0
    follows: str = ""
    since: datetime | None = None


def backup_name(backup: UUID, at: datetime) -> str:
    """What a backup is called in its target: the later one sorts behind."""
    return f"{at:%Y%m%dT%H%M%S%fZ}-{backup.hex[:8]}"


def make_backup(living: Living, target: Target, key: bytes, wanted: Wanted, told: Told) -> Manifest:
    """Write the parts of a backup, and at the end what makes them one.

    Raises:
        TargetUnavailable: the target, while nothing is finished.
        DatabaseUnavailable: a database, likewise.
        BackupDamaged: the log lacks an event.
    """
    with _part(target, key, wanted.name, CONTENT) as (archive, content):
        made = _Making(living, archive, wanted, told)
        made.working()
        position, recorded_at = made.log()
        made.contents()
    with _part(target, key, wanted.name, KEYS) as (archive, keys):
        people = _add_tables(archive, living.databases.keys, KEPT)
    manifest = Manifest(
        id=wanted.id,
        name=wanted.name,
        made_at=wanted.made_at,
        after=wanted.after,
        follows=wanted.follows,
        position=position,
        recorded_at=recorded_at,
        log_digest=made.digest.hexdigest(),
        events=position - wanted.after,
        command_keys=made.keys,
        blobs=made.blobs,
        blob_bytes=made.blob_bytes,
        rows=made.rows,
        subject_keys=people["subject_keys"],
        erasures=people["erasures"],
        size_bytes=content.size_bytes + keys.size_bytes,
    )
    write_manifest(target, key, manifest)
    return manifest


def log_digest(log: Log, after: int, up_to: int) -> str:
    """What the manifest says of the events between two positions, made anew from a log."""
    digest = hashlib.sha256()
    for page in events.pages(log, after, up_to):
        digest.update(events.packed(page))
    return digest.hexdigest()


class _Weighed:
    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self.size_bytes = 0

    def write(self, content: bytes) -> None:
        self._sink.write(content)
        self.size_bytes += len(content)


@dataclass(slots=True)
class _Making:
    living: Living
    archive: ArchiveWriter
    wanted: Wanted
    told: Told
    digest: Any = field(default_factory=hashlib.sha256)
    rows: dict[str, int] = field(default_factory=dict)
    position: int = 0
    keys: int = 0
    blobs: int = 0
    blob_bytes: int = 0

    def working(self) -> None:
        self.rows = _add_tables(self.archive, self.living.databases.read, self.living.kept)

    def log(self) -> tuple[int, datetime | None]:
        self.position, recorded_at = max(self.living.log.head(), self.wanted.after), None
        for page in events.pages(self.living.log, self.wanted.after, self.position):
            content = events.packed(page)
            self.digest.update(content)
            self.archive.add(f"{EVENTS}/{page[0].position}", content)
            recorded_at = page[-1].recorded_at
            self.told(80 * page[-1].position // self.position, EVENTS)
        for rows in command_keys.pages(self.living.databases.log, self.wanted.after, self.position):
            self.archive.add(f"{COMMAND_KEYS}/{self.keys}", command_keys.packed(rows))
            self.keys += len(rows)
            self.told(80, COMMAND_KEYS)
        return self.position, recorded_at

    def contents(self) -> None:
        for digest, content in contents(self.living.blobs, self.wanted.since):
            self.archive.add(f"{BLOBS}/{digest}", content)
            self.blobs += 1
            self.blob_bytes += len(content)
            self.told(90, BLOBS)


@contextmanager
def _part(target: Target, key: bytes, name: str, part: str) -> Iterator[tuple[ArchiveWriter, _Weighed]]:
    with target.writing(f"{name}/{part}") as sink:
        weighed = _Weighed(sink)
        with writing(SealingSink(weighed, key, name, part)) as archive:
            yield archive, weighed


def _add_tables(archive: ArchiveWriter, database: Database, tables: Sequence[KeptTable]) -> dict[str, int]:
    rows = dict.fromkeys((kept.table.name for kept in tables), 0)
    with kept_rows.spooled(database, tables) as pages:
        for table, count, page in pages:
            archive.add(f"{table}/{rows[table]}", page)
            rows[table] += count
    return rows
