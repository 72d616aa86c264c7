"""Every command about reports on operations, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping

from countersign.commands.handler import Handler
from countersign.commands.operations_report.note_operations_report import (
    NoteOperationsReport,
    note_operations_report,
)


def handlers() -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    return {
        NoteOperationsReport: note_operations_report,
    }
