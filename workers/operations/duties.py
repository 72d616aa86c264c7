"""What is done about reports on operations."""

from __future__ import annotations

from collections.abc import Mapping

from countersign.aggregates.operations_report import Period
from countersign.workers.duty import Duty
from countersign.workers.equipment import Equipment
from countersign.workers.kinds import SEND_OPERATIONS_REPORT
from countersign.workers.mail.planning import Planner
from countersign.workers.maintenance.duty import Job
from countersign.workers.operations.making import OperationsReporting
from countersign.workers.operations.sending import SendOperationsReport
from countersign.workers.rendering.pdf import no_pdf, to_pdf


def duties(equipment: Equipment) -> Mapping[str, Duty]:
    """The duties by the kind of their effects."""
    aggregates = equipment.around.store.aggregates
    planner = Planner(aggregates, equipment.issuer)
    mailed = equipment.options.health.mailed_reports
    return {SEND_OPERATIONS_REPORT: SendOperationsReport(aggregates, planner, mailed)}


def operations_jobs(equipment: Equipment) -> Mapping[str, Job]:
    """The jobs by their kind: one for each period."""
    around = equipment.around
    return {
        f"operations_report_{period}": OperationsReporting(
            period,
            around.databases.read,
            around.store.aggregates,
            around.store.blobs,
            around.dispatcher,
            to_pdf if equipment.options.pdf else no_pdf,
        )
        for period in Period
    }
