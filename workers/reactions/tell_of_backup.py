"""Operators hear of a backup that was not made, or that is not what it should be."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.backup import Backup
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.kinds import COMMANDS, TELL_OF_BACKUP


def tell_of_backup(happened: Happened) -> Sequence[Wanted]:
    """A mail for each failure; none for a verification that found nothing."""
    match happened.event:
        case Backup.Failed(message=reason):
            return (_wanted(happened, "making", reason),)
        case Backup.Verified(faults=faults) if faults:
            return (_wanted(happened, "verification", "; ".join(faults)),)
    return ()


def _wanted(happened: Happened, step: str, reason: str) -> Wanted:
    payload = {
        "backup_id": str(happened.stream),
        "at": happened.event.timestamp.isoformat(timespec="seconds"),
        "step": step,
        "reason": reason[:500],
    }
    return Wanted(queue=COMMANDS, kind=TELL_OF_BACKUP, target="operators", payload=payload)
