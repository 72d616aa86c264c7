"""The reports on operations that were made."""

from __future__ import annotations

from functools import singledispatch

from sqlalchemy import BigInteger, Column, Index, MetaData, String, Table, Uuid

from countersign.aggregates.operations_report import OperationsReport
from countersign.eventstore.mapper import Happened
from countersign.projections.columns import CanonicalJson, Instant
from countersign.projections.folding.rows import Rows

VERSION = 1
metadata = MetaData()
reports = Table(
    f"operations_reports_v{VERSION}",
    metadata,
    Column("report_id", Uuid, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("period", String(10), nullable=False),
    Column("begins", Instant, nullable=False),
    Column("ends", Instant, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("files", CanonicalJson, nullable=False),
)
Index(f"{reports.name}_position", reports.c.position, unique=True)


@singledispatch
def project(event: object, meta: Happened, rows: Rows) -> None:
    """What is not about such a report is passed over."""


@project.register
def _(event: OperationsReport.Created, meta: Happened, rows: Rows) -> None:
    rows.insert(
        reports,
        report_id=meta.stream,
        position=meta.position,
        period=str(event.period),
        begins=event.begins,
        ends=event.ends,
        made_at=event.timestamp,
        files=[{"format": each.format, "size_bytes": each.size_bytes} for each in event.files],
    )
