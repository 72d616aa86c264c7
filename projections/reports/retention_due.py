"""How long each report is kept, what holds it, and which stored contents are its own."""

from __future__ import annotations

from functools import singledispatch
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text, Uuid

from countersign.aggregates.rendering import Rendering
from countersign.aggregates.report.report import Report
from countersign.aggregates.report.standing import Standing
from countersign.aggregates.root import Root
from countersign.eventstore.mapper import Happened
from countersign.projections.columns import Instant
from countersign.projections.folding.rows import Rows

VERSION = 1
PARTITIONED = False  # the contents of a rendering go with its report
metadata = MetaData()
retention = Table(
    f"retention_due_v{VERSION}",
    metadata,
    Column("report_id", Uuid, primary_key=True),
    Column("document_number", Text, nullable=False),
    Column("report_type", String(40), nullable=False),
    Column("standing", String(10), nullable=False),
    Column("issued_at", Instant),
    Column("policy_version", Integer),
    Column("retention_until", Instant),
    Column("holds", Integer, nullable=False, default=0),
    Column("proposed_by", Uuid),
    Column("proposed_at", Instant),
    Column("approved_by", Uuid),
    Column("disposed_at", Instant),
    Column("tombstone_digest", String(64)),
    Column("destroyed_at", Instant),
    Column("modified_at", Instant, nullable=False),
)
holds = Table(
    f"retention_due_hold_v{VERSION}",
    metadata,
    Column("report_id", Uuid, primary_key=True),
    Column("matter", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("placed_by", Uuid, nullable=False),
    Column("placed_at", Instant, nullable=False),
)
contents = Table(
    f"retention_due_content_v{VERSION}",
    metadata,
    Column("report_id", Uuid, primary_key=True),
    Column("digest", String(64), primary_key=True),
)
renderings = Table(
    f"retention_due_rendering_v{VERSION}",
    metadata,
    Column("rendering_id", Uuid, primary_key=True),
    Column("report_id", Uuid, nullable=False),
)
Index(f"{retention.name}_until", retention.c.retention_until, retention.c.report_id)
Index(f"{contents.name}_digest", contents.c.digest)

_NO_PROPOSAL: Final[dict[str, Any]] = {"proposed_by": None, "proposed_at": None, "approved_by": None}


def also_of(meta: Happened) -> tuple[UUID, ...]:
    """The report of a rendering."""
    return (meta.event.report_id,) if isinstance(meta.event, Rendering.Created) else ()


@singledispatch
def project(event: Root.Event, meta: Happened, rows: Rows) -> None:
    """What keeps or moves nothing is passed over."""


@project.register
def _(event: Report.Created, meta: Happened, rows: Rows) -> None:
    rows.insert(
        retention,
        report_id=meta.stream,
        document_number=event.document_number,
        report_type=event.report_type,
        standing=Standing.ACTIVE,
        modified_at=event.timestamp,
    )


@project.register(Report.SectionSaved)
@project.register(Report.RowsImported)
def _(event: Report.SectionSaved | Report.RowsImported, meta: Happened, rows: Rows) -> None:
    if event.content_ref is not None:
        rows.upsert(contents, report_id=meta.stream, digest=event.content_ref)


@project.register
def _(event: Rendering.Created, meta: Happened, rows: Rows) -> None:
    rows.insert(renderings, rendering_id=meta.stream, report_id=event.report_id)
    rows.upsert(contents, report_id=event.report_id, digest=event.input_digest)


@project.register
def _(event: Rendering.Completed, meta: Happened, rows: Rows) -> None:
    report_id = rows.existing(renderings, rendering_id=meta.stream)["report_id"]
    for artifact in event.artifacts:
        rows.upsert(contents, report_id=report_id, digest=artifact.digest)


@project.register
def _(event: Report.RevisionIssued, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, issued_at=event.timestamp)


@project.register
def _(event: Report.Archived, meta: Happened, rows: Rows) -> None:
    kept = {"policy_version": event.policy_version, "retention_until": event.retention_until}
    _change(meta, rows, standing=Standing.ARCHIVED, **kept)


@project.register
def _(event: Report.Restored, meta: Happened, rows: Rows) -> None:
    kept = {"policy_version": None, "retention_until": None}
    _change(meta, rows, standing=Standing.ACTIVE, **kept, **_NO_PROPOSAL)


@project.register
def _(event: Report.LegalHoldPlaced, meta: Happened, rows: Rows) -> None:
    placed = {"reason": event.reason, "placed_by": event.by, "placed_at": event.timestamp}
    rows.upsert(holds, report_id=meta.stream, matter=event.matter, **placed)
    _change(meta, rows, holds=_held(meta, rows) + 1, **_NO_PROPOSAL)


@project.register
def _(event: Report.LegalHoldReleased, meta: Happened, rows: Rows) -> None:
    rows.delete(holds, report_id=meta.stream, matter=event.matter)
    _change(meta, rows, holds=_held(meta, rows) - 1)


@project.register
def _(event: Report.DispositionProposed, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, proposed_by=event.by, proposed_at=event.timestamp)


@project.register
def _(event: Report.DispositionDeclined, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, **_NO_PROPOSAL)


@project.register
def _(event: Report.DispositionApproved, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, approved_by=event.by)


@project.register
def _(event: Report.Disposed, meta: Happened, rows: Rows) -> None:
    gone = {"disposed_at": event.timestamp, "tombstone_digest": event.tombstone_digest}
    _change(meta, rows, standing=Standing.DISPOSED, **gone)


@project.register
def _(event: Report.ContentDestroyed, meta: Happened, rows: Rows) -> None:
    rows.delete(contents, report_id=meta.stream)
    _change(meta, rows, destroyed_at=event.timestamp)


def _held(meta: Happened, rows: Rows) -> int:
    return int(rows.existing(retention, report_id=meta.stream)["holds"])


def _change(meta: Happened, rows: Rows, **values: Any) -> None:
    rows.update(retention, {"report_id": meta.stream}, modified_at=meta.event.timestamp, **values)
