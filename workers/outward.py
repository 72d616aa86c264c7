"""What leaves the service waits after a restore: some of it may have left before, and nobody knows."""

from __future__ import annotations

import logging

from countersign.aggregates.backup import Backup
from countersign.aggregates.kept_backup import BackupKind
from countersign.commands.backup.note_origin import NoteOrigin
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.databases import Database
from countersign.projections.work.outward_hold import OutwardHold, let_outward_go, outward_hold
from countersign.workers.backup.giving import give
from countersign.workers.issuer import Dispatch

logger = logging.getLogger(__name__)


class OutwardGate:
    """Closed from a restore until an operator releases what waits; elsewhere always open."""

    def __init__(self, read: Database, aggregates: Aggregates, dispatcher: Dispatch) -> None:
        self._read = read
        self._aggregates = aggregates
        self._dispatcher = dispatcher

    def is_closed(self) -> bool:
        """Whether nothing may leave now.

        Raises:
            LogUnavailable, DatabaseUnavailable: that is not known.
        """
        hold = outward_hold(self._read)
        if hold is None:
            return False
        backup = self._aggregates.find(Backup, hold.backup_id)
        if backup is None or backup.holds_outward is None:
            give(self._dispatcher, origin_of(hold))  # whoever restored it was killed before they could
            return True
        if backup.holds_outward:
            return True
        let_outward_go(self._read, hold.backup_id)
        logger.info("mail and webhooks are released", extra={"backup": hold.name})
        return False


def origin_of(hold: OutwardHold) -> NoteOrigin:
    """What a copy notes first in its log."""
    return NoteOrigin(
        backup_id=hold.backup_id,
        name=hold.name,
        kind=BackupKind(hold.kind),
        after=hold.after,
        to_position=hold.position,
    )
