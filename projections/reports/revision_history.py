"""Each revision of a report: when it was submitted, approved and issued, and every step back on the way."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, Text, Uuid

from countersign.aggregates.report.report import Report
from countersign.aggregates.report.status import Status
from countersign.aggregates.root import Root
from countersign.eventstore.mapper import Happened
from countersign.projections.columns import Instant
from countersign.projections.folding.rows import Rows

VERSION = 1
metadata = MetaData()
history = Table(
    f"revision_history_v{VERSION}",
    metadata,
    Column("report_id", Uuid, primary_key=True),
    Column("revision", String(20), primary_key=True),
    Column("status", String(20), nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("submissions", Integer, nullable=False, default=0),
    Column("submitted_at", Instant),
    Column("submitted_by", Uuid),
    Column("content_digest", String(64)),
    Column("template", Uuid),
    Column("template_version", Integer),
    Column("approved_at", Instant),
    Column("issued_at", Instant),
    Column("issued_by", Uuid),
    Column("issue_status", String(10)),
    Column("rendering_id", Uuid),
    Column("document_digest", String(64)),
)
steps = Table(
    f"revision_history_step_v{VERSION}",
    metadata,
    Column("report_id", Uuid, primary_key=True),
    Column("revision", String(20), primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("status", String(20), nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", Uuid, nullable=False),
    Column("reason", Text),
)


@singledispatch
def project(event: Root.Event, meta: Happened, rows: Rows) -> None:
    """What does not move a revision is passed over."""


@project.register
def _(event: Report.Created, meta: Happened, rows: Rows) -> None:
    rows.upsert(history, report_id=meta.stream, revision=event.revision, begun_at=event.timestamp, status="")
    _step(event.revision, Status.DRAFT, meta, rows)


@project.register(Report.HeaderChanged)
@project.register(Report.SectionSaved)
@project.register(Report.RowsImported)
@project.register(Report.TestResultRecorded)
def _(event: Any, meta: Happened, rows: Rows) -> None:
    current = rows.get(history, report_id=meta.stream, revision=event.revision)
    if current is not None and current["status"] == Status.CHANGES_REQUESTED:
        _step(event.revision, Status.DRAFT, meta, rows)


@project.register
def _(event: Report.RevisionSubmitted, meta: Happened, rows: Rows) -> None:
    current = rows.get(history, report_id=meta.stream, revision=event.revision)
    _step(
        event.revision,
        Status.IN_REVIEW,
        meta,
        rows,
        reason=event.comment or None,
        submissions=current["submissions"] + 1 if current else 1,
        submitted_at=event.timestamp,
        submitted_by=meta.metadata.actor,
        content_digest=event.content_digest,
        template=event.template,
        template_version=event.template_version,
    )


@project.register(Report.ChangesRequested)
def _(event: Report.ChangesRequested, meta: Happened, rows: Rows) -> None:
    _step(event.revision, Status.CHANGES_REQUESTED, meta, rows, reason=event.reason, content_digest=None)


@project.register(Report.SubmissionWithdrawn)
def _(event: Report.SubmissionWithdrawn, meta: Happened, rows: Rows) -> None:
    _step(event.revision, Status.DRAFT, meta, rows, reason=event.reason, content_digest=None)


@project.register
def _(event: Report.RevisionApproved, meta: Happened, rows: Rows) -> None:
    _step(event.revision, Status.APPROVED, meta, rows, approved_at=event.timestamp)


@project.register
def _(event: Report.RevisionIssued, meta: Happened, rows: Rows) -> None:
    _step(
        event.revision,
        Status.ISSUED,
        meta,
        rows,
        issued_at=event.timestamp,
        issued_by=event.by,
        issue_status=event.issue_status,
        rendering_id=event.rendering_id,
        document_digest=event.document_digest,
    )


def _step(
    revision: str, status: Status, meta: Happened, rows: Rows, reason: str | None = None, **values: Any
) -> None:
    key = {"report_id": meta.stream, "revision": revision}
    rows.update(history, key, status=status, **values)
    rows.insert(
        steps,
        **key,
        position=meta.position,
        status=status,
        at=meta.event.timestamp,
        actor=meta.metadata.actor,
        reason=reason,
    )
