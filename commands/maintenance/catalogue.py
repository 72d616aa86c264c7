"""Every command about periodic work, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from countersign.commands.handler import Handler
from countersign.commands.maintenance.cancel_maintenance import CancelMaintenance, cancel_maintenance
from countersign.commands.maintenance.complete_maintenance import CompleteMaintenance, complete_maintenance
from countersign.commands.maintenance.discard_maintenance import DiscardMaintenance, discard_maintenance
from countersign.commands.maintenance.due_maintenance import DueMaintenance, due_maintenance
from countersign.commands.maintenance.fail_maintenance import FailMaintenance, fail_maintenance
from countersign.commands.maintenance.note_missed_work import NoteMissedWork, note_missed_work
from countersign.commands.maintenance.retry_maintenance import RetryMaintenance, retry_maintenance
from countersign.commands.maintenance.run_maintenance import RunMaintenance, run_maintenance
from countersign.commands.maintenance.tell_quiet_run import TellQuietRun, tell_quiet_run
from countersign.commands.options import Options


def handlers(options: Options) -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    return {
        DueMaintenance: due_maintenance,
        CompleteMaintenance: complete_maintenance,
        FailMaintenance: fail_maintenance,
        RetryMaintenance: retry_maintenance,
        CancelMaintenance: cancel_maintenance,
        DiscardMaintenance: discard_maintenance,
        NoteMissedWork: note_missed_work,
        TellQuietRun: tell_quiet_run,
        RunMaintenance: partial(run_maintenance, options=options),
    }
