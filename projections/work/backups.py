"""The backups that were made: what they hold, whether they were proven, and who wants one restored."""

from __future__ import annotations

from functools import singledispatch

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text, Uuid

from countersign.aggregates.backup import Backup
from countersign.aggregates.kept_backup import BackupStatus
from countersign.eventstore.mapper import Happened
from countersign.projections.columns import CanonicalJson, Instant
from countersign.projections.folding.rows import Rows

VERSION = 1
metadata = MetaData()
backups = Table(
    f"backups_v{VERSION}",
    metadata,
    Column("backup_id", Uuid, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("name", String(60), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("status", String(10), nullable=False),
    Column("from_position", BigInteger, nullable=False),
    Column("to_position", BigInteger),
    Column("files", Integer),
    Column("size_bytes", BigInteger),
    Column("manifest_digest", String(64)),
    Column("message", Text),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("verified_at", Instant),
    Column("faults", CanonicalJson),
    Column("restore_to", BigInteger),
    Column("restore_requested_by", Uuid),
    Column("restore_approved_by", Uuid),
    Column("restored_at", Instant),
)
Index(f"{backups.name}_position", backups.c.position, unique=True)
Index(f"{backups.name}_status", backups.c.status, backups.c.position)


@singledispatch
def project(event: object, meta: Happened, rows: Rows) -> None:
    """What is not about a backup is passed over."""


@project.register
def _(event: Backup.Created, meta: Happened, rows: Rows) -> None:
    rows.insert(
        backups,
        backup_id=meta.stream,
        position=meta.position,
        name=event.name,
        kind=str(event.kind),
        status=str(BackupStatus.STARTED),
        from_position=event.after,
        started_at=event.timestamp,
    )


@project.register
def _(event: Backup.Completed, meta: Happened, rows: Rows) -> None:
    _change(
        meta,
        rows,
        status=str(BackupStatus.COMPLETED),
        to_position=event.position,
        files=event.blobs,
        size_bytes=event.size_bytes,
        manifest_digest=event.manifest_digest,
        finished_at=event.timestamp,
    )


@project.register
def _(event: Backup.Failed, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, status=str(BackupStatus.FAILED), message=event.message, finished_at=event.timestamp)


@project.register
def _(event: Backup.BrokenOff, meta: Happened, rows: Rows) -> None:
    status = str(BackupStatus.BROKEN_OFF)
    _change(meta, rows, status=status, message=event.reason, finished_at=event.timestamp)


@project.register
def _(event: Backup.Verified, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, verified_at=event.timestamp, faults=list(event.faults))


@project.register
def _(event: Backup.Pruned, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, status=str(BackupStatus.PRUNED), **_NO_REQUEST)


@project.register
def _(event: Backup.RestoreRequested, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, restore_to=event.to_position, restore_requested_by=event.requested_by)


@project.register
def _(event: Backup.RestoreApproved, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, restore_approved_by=event.approved_by)


@project.register
def _(event: Backup.RestoreRefused, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, **_NO_REQUEST)


@project.register
def _(event: Backup.RestoreCompleted, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, restored_at=event.timestamp, **_NO_REQUEST)


_NO_REQUEST = {"restore_to": None, "restore_requested_by": None, "restore_approved_by": None}


def _change(meta: Happened, rows: Rows, **values: object) -> None:
    rows.update(backups, {"backup_id": meta.stream}, **values)
