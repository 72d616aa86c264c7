"""What is done about schedules."""

from __future__ import annotations

from collections.abc import Mapping

from countersign.workers.duty import Duty
from countersign.workers.equipment import Equipment
from countersign.workers.kinds import RUN_SCHEDULE
from countersign.workers.mail.planning import Planner
from countersign.workers.reporting.run_schedule import RunSchedule


def duties(equipment: Equipment) -> Mapping[str, Duty]:
    """The duties by the kind of their effects."""
    around, issuer = equipment.around, equipment.issuer
    aggregates = around.store.aggregates
    run = RunSchedule(
        aggregates,
        around.databases.read,
        around.store.blobs,
        issuer,
        Planner(aggregates, issuer),
        around.clock,
    )
    return {RUN_SCHEDULE: run}
