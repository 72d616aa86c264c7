"""What the audit log says of backups."""

from __future__ import annotations

from functools import singledispatch

from countersign.aggregates.backup import Backup
from countersign.aggregates.root import Root


@singledispatch
def summary_of_backup(event: Root.Event) -> str | None:
    """The event in a sentence; None where it is of another kind, or without words of its own."""
    return None


@summary_of_backup.register
def _(event: Backup.Created) -> str:
    return f"Backup {event.name} begun ({event.kind}), behind position {event.after}"


@summary_of_backup.register
def _(event: Backup.Completed) -> str:
    return (
        f"Backup completed: {event.events} events up to position {event.position}, {event.size_bytes} bytes"
    )


@summary_of_backup.register
def _(event: Backup.Failed) -> str:
    return f"Backup failed: {event.message}"


@summary_of_backup.register
def _(event: Backup.Verified) -> str:
    found = "; ".join(event.faults) or f"nothing wrong, {event.compared} rows compared"
    return f"Backup restored into a scratch place: {found}"


@summary_of_backup.register
def _(_event: Backup.Pruned) -> str:
    return "Backup thrown away, as retention has it"


@summary_of_backup.register
def _(event: Backup.RestoreRequested) -> str:
    return f"Restore up to position {event.to_position} asked for: {event.reason}"


@summary_of_backup.register
def _(event: Backup.RestoreApproved) -> str:
    return f"Restore up to position {event.to_position} agreed to: {event.reason}"


@summary_of_backup.register
def _(event: Backup.BrokenOff) -> str:
    return f"Backup broken off: {event.reason}"


@summary_of_backup.register
def _(event: Backup.OutwardReleased) -> str:
    return f"Mail and webhooks released after the restore: {event.reason}"


@summary_of_backup.register
def _(event: Backup.RestoreRefused) -> str:
    return f"Restore refused: {event.reason}"


@summary_of_backup.register
def _(event: Backup.RestoreCompleted) -> str:
    without = "" if event.left_out is None else f", without {event.left_out} later events"
    return f"Restored up to position {event.to_position}{without}"
