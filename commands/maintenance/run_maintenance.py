"""Somebody wants a piece of periodic work done now."""

from __future__ import annotations

from dataclasses import dataclass

from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.root import DomainError
from countersign.commands.options import Options
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


class UnknownMaintenance(DomainError):
    """There is no periodic work of that kind."""

    code = "unknown_maintenance"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class RunMaintenance:
    kind: str
    reason: str = ""


def run_maintenance(command: RunMaintenance, store: Store, options: Options) -> Receipt:
    """Note a run that is due now, besides those of the schedule.

    Raises:
        UnknownMaintenance: with the kinds that there are.
    """
    permit(store, "RunMaintenance")
    if command.kind not in options.periodic_work:
        known = ", ".join(sorted(options.periodic_work))
        raise UnknownMaintenance(f"There is no {command.kind!r}, only: {known}.", (("/kind", "unknown"),))
    return store.save(MaintenanceJob.due(store.now, command.kind, store.now, command.reason))
