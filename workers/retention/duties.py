"""The duties of retention."""

from __future__ import annotations

from collections.abc import Mapping

from countersign.workers.duty import Duty
from countersign.workers.equipment import Equipment
from countersign.workers.kinds import DESTROY_CONTENT, DISPOSE_REPORT
from countersign.workers.retention.destruction import Destruction
from countersign.workers.retention.disposing import DestroyContent, Dispose
from countersign.workers.timers.punctual import Punctual


def duties(equipment: Equipment) -> Mapping[str, Duty]:
    """The duties by the kind of their effects."""
    around, issuer = equipment.around, equipment.issuer
    return {
        DISPOSE_REPORT: Dispose(Punctual(issuer, around.clock)),
        DESTROY_CONTENT: DestroyContent(issuer, destruction_of(equipment)),
    }


def destruction_of(equipment: Equipment) -> Destruction:
    """What destroys contents, by these surroundings and settings."""
    around = equipment.around
    quiet_s = equipment.options.housekeeping.quiet_s
    return Destruction(around.databases, around.log, around.store.blobs, around.clock, quiet_s)
