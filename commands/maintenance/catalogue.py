"""Every command about periodic work, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping

from countersign.commands.handler import Handler
from countersign.commands.maintenance.complete_maintenance import CompleteMaintenance, complete_maintenance
from countersign.commands.maintenance.due_maintenance import DueMaintenance, due_maintenance
from countersign.commands.maintenance.fail_maintenance import FailMaintenance, fail_maintenance


def handlers() -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    return {
        DueMaintenance: due_maintenance,
        CompleteMaintenance: complete_maintenance,
        FailMaintenance: fail_maintenance,
    }
