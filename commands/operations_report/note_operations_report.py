"""A worker has made a report on how the service went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from countersign.aggregates.operations_report import (
    OperationsReport,
    Period,
    ReportFile,
    operations_report_id,
)
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteOperationsReport:
    """Its files are in the store of contents already."""

    period: Period
    begins: datetime
    ends: datetime
    files: tuple[ReportFile, ...]


def note_operations_report(command: NoteOperationsReport, store: Store) -> Receipt:
    """Note it, once for its period; the first one stays."""
    permit(store, "NoteOperationsReport")
    if store.find(OperationsReport, operations_report_id(command.period, command.begins)) is not None:
        return store.save()
    return store.save(
        OperationsReport.made(store.now, command.period, command.begins, command.ends, command.files)
    )
