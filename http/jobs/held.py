"""That mail and webhooks are held since the service was restored."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from countersign.eventstore.databases import Database
from countersign.http.answers import Answer
from countersign.projections.work.outward_hold import outward_hold


class OutwardHoldAnswer(Answer):
    """From which backup and up to which position the service was restored; `release` lets all of it go."""

    backup_id: UUID
    backup: str
    position: int
    since: datetime
    release: str


def outward_hold_answer(read: Database) -> OutwardHoldAnswer | None:
    """Null where mail and webhooks leave as they should."""
    hold = outward_hold(read)
    if hold is None:
        return None
    return OutwardHoldAnswer(
        backup_id=hold.backup_id,
        backup=hold.name,
        position=hold.position,
        since=hold.held_at,
        release=f"/v1/backups/{hold.backup_id}/release",
    )
