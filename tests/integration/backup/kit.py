"""What the tests of backups share: a log with something in it, and empty places to restore to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from countersign.eventstore.backup.making import Living, Wanted, backup_name, make_backup
from countersign.eventstore.backup.manifest import Manifest
from countersign.eventstore.backup.restoring import Place, restore_backup
from countersign.eventstore.backup.target import FolderTarget, Target
from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.log import Log
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_store import create_tables, open_blobs, open_store
from countersign.eventstore.wakeups import NoWakeups
from tests.integration.store.diary import Diary, WriteLine
from tests.integration.store.rig import OPTIONS, Rig, rig_on

KEY = b"b" * 32
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def unheard(_percent: int, _step: str) -> None:
    return None


def back_up(rig: Rig, target: Target, after: Manifest | None = None) -> Manifest:
    backup = uuid4()
    wanted = Wanted(id=backup, name=backup_name(backup, NOW), made_at=NOW)
    if after is not None:
        wanted = replace(wanted, after=after.position, follows=after.name, since=datetime.now(UTC))
    living = Living(databases=rig.databases, log=rig.log, blobs=open_blobs(rig.databases), kept=())
    return make_backup(living, target, KEY, wanted, unheard)


def restore(
    target: Target,
    manifest: Manifest,
    databases: Databases,
    position: int | None = None,
    erased_since: Iterable[UUID] = (),
) -> int:
    place = Place(databases=databases, kept=())
    return restore_backup(
        target, KEY, [manifest], place, unheard, position=position, erased_since=erased_since
    )


def filled(rig: Rig, lines: int = 30) -> None:
    """A few streams, of which one has a line whose text names a stored content."""
    first, second = rig.begin("Ann"), rig.begin("Bob")
    digest = rig.store.blobs.put(b"a document " * 1000)
    rig.store.blobs.put(b"named by nothing")
    for number in range(lines):
        rig.give(WriteLine(diary_id=(first, second)[number % 2], line=f"line {number}"), key=f"key-{number}")
    rig.give(WriteLine(diary_id=first, line=f"see {digest}"))


def whole(log: Log) -> list[object]:
    return list(log.read(0, 100_000))


@contextmanager
def empty_place(url: str) -> Iterator[Databases]:
    databases = Databases(DatabaseOptions(url=url))
    try:
        create_tables(databases)
        yield databases
    finally:
        databases.close()


def rig_in(databases: Databases) -> Rig:
    log = open_log(databases, NoWakeups("tests"))
    return rig_on(databases, log, open_store(databases, log, [Diary], OPTIONS))


def target_in(folder: Path) -> FolderTarget:
    return FolderTarget(folder / "backups")
