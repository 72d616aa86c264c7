"""The duties of timers."""

from __future__ import annotations

from collections.abc import Mapping

from countersign.workers.duty import Duty
from countersign.workers.equipment import Equipment
from countersign.workers.kinds import ESCALATE_STAGE, FIRE_SCHEDULE, REMIND_APPROVER
from countersign.workers.timers.punctual import Punctual
from countersign.workers.timers.schedule_timer import Fire
from countersign.workers.timers.stage_timers import Escalate, Remind


def duties(equipment: Equipment) -> Mapping[str, Duty]:
    """The duties by the kind of their effects."""
    punctual = Punctual(equipment.issuer, equipment.around.clock)
    return {
        REMIND_APPROVER: Remind(punctual),
        ESCALATE_STAGE: Escalate(punctual),
        FIRE_SCHEDULE: Fire(punctual),
    }
