"""What is done about backups besides the periodic work."""

from __future__ import annotations

from collections.abc import Mapping

from countersign.workers.backup.telling import TellOfBackup
from countersign.workers.duty import Duty
from countersign.workers.equipment import Equipment
from countersign.workers.kinds import TELL_OF_BACKUP
from countersign.workers.mail.planning import Planner


def duties(equipment: Equipment) -> Mapping[str, Duty]:
    """The duties by the kind of their effects."""
    around = equipment.around
    planner = Planner(around.store.aggregates, equipment.issuer)
    return {TELL_OF_BACKUP: TellOfBackup(around.store.aggregates, planner, around.databases.read)}
