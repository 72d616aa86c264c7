"""Which report an event that may cause a mail belongs to: a mail names its cause, not its report."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import Column, MetaData, Table, Uuid

from countersign.aggregates.report.report import Report
from countersign.aggregates.root import Root
from countersign.eventstore.mapper import Happened
from countersign.projections.folding.rows import Rows

CAUSES: Final[tuple[type[Root.Event], ...]] = (
    Report.StageOpened,
    Report.StageReassigned,
    Report.ApproverReminded,
    Report.StageEscalated,
    Report.StageApproved,
    Report.ChangesRequested,
    Report.RevisionApproved,
    Report.RevisionIssued,
)


def causes_table(name: str, metadata: MetaData) -> Table:
    """A projection's own memory of the causes."""
    columns = Column("event_id", Uuid, primary_key=True), Column("report_id", Uuid, nullable=False)
    return Table(name, metadata, *columns)


def note(table: Table, meta: Happened, rows: Rows) -> None:
    """Remember the report of a cause."""
    rows.insert(table, event_id=meta.event_id, report_id=meta.stream)


def report_of(table: Table, cause: UUID, rows: Rows) -> UUID | None:
    """The report of a cause; None when it belongs to none."""
    known = rows.get(table, event_id=cause)
    return known["report_id"] if known else None
