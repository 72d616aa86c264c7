"""The duty that writes to the operators about a backup that is none."""

from __future__ import annotations

from datetime import UTC, datetime

from countersign.aggregates.email_contents import EmailPurpose
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.databases import Database
from countersign.projections.work.backups_queries import newest_whole
from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.failure import EffectFailed
from countersign.workers.mail.occasion import MOMENT
from countersign.workers.mail.operators import operators
from countersign.workers.mail.planning import Planner


class TellOfBackup:
    """To everybody who runs the machine."""

    def __init__(self, aggregates: Aggregates, planner: Planner, read: Database) -> None:
        self._aggregates = aggregates
        self._planner = planner
        self._read = read

    def perform(self, effect: Effect, course: Course) -> None:
        """Plan a mail to each."""
        facts = {
            "at": _moment(datetime.fromisoformat(effect.payload["at"])),
            "step": effect.payload["step"],
            "reason": effect.payload["reason"],
            "backup_id": effect.payload["backup_id"],
            "last_good": self._last_good(effect.payload["backup_id"]),
        }
        for to in operators(self._aggregates):
            self._planner.plan(effect, EmailPurpose.BACKUP_FAILED, to, facts)

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """The effect itself is the record: there is no mail yet."""

    def _last_good(self, failed: str) -> str:
        newest = newest_whole(self._read)
        if newest is None or str(newest.backup_id) == failed:
            return "none is known"
        return _moment(newest.started_at)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime(MOMENT)
