"""One row for each report: what it is, where it stands, who it waits for, how its tests went."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text, Uuid

from countersign.aggregates.report.report import Report
from countersign.aggregates.report.status import Status
from countersign.aggregates.root import Root
from countersign.eventstore.mapper import Happened
from countersign.projections.columns import Instant
from countersign.projections.folding.rows import Rows
from countersign.projections.reports.result_counts import (
    COUNTS,
    ResultCounts,
    counts_columns,
    recounted,
    retested,
)

VERSION = 1
metadata = MetaData()
register = Table(
    f"report_register_v{VERSION}",
    metadata,
    Column("report_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("document_number", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("searched", Text, nullable=False),
    Column("report_type", String(40), nullable=False),
    Column("type_version", Integer, nullable=False),
    Column("project_reference", Text, nullable=False),
    Column("client_name", Text, nullable=False),
    Column("owner", Uuid, nullable=False),
    Column("revision", String(20), nullable=False),
    Column("status", String(20), nullable=False),
    Column("stage", Integer),
    Column("waiting_for", Uuid),
    Column("due_at", Instant),
    Column("content_digest", String(64)),
    Column("latest_issued_revision", String(20)),
    Column("created_at", Instant, nullable=False),
    Column("modified_at", Instant, nullable=False),
    *counts_columns(),
)
sections = Table(
    f"report_register_section_v{VERSION}",
    metadata,
    Column("report_id", Uuid, primary_key=True),
    Column("section", String(60), primary_key=True),
    *counts_columns(),
)
for name in (
    "created_at",
    "modified_at",
    "document_number",
    "title",
    "client_name",
    "project_reference",
    "due_at",
):
    Index(f"{register.name}_{name}", register.c[name], register.c.report_id)
Index(f"{register.name}_owner", register.c.owner)
Index(f"{register.name}_status", register.c.status)


def searchable(*texts: str) -> str:
    """Texts as they are compared in a search: the databases do not agree on what lower case is."""
    return "\n".join(texts).casefold()


_NOBODY: dict[str, Any] = {"stage": None, "waiting_for": None, "due_at": None}


@singledispatch
def project(event: Root.Event, meta: Happened, rows: Rows) -> None:
    """Only reports are registered."""


@project.register
def _(event: Report.Created, meta: Happened, rows: Rows) -> None:
    rows.insert(
        register,
        report_id=meta.stream,
        version=meta.version,
        document_number=event.document_number,
        title=event.title,
        searched=searchable(event.document_number, event.title),
        report_type=event.report_type,
        type_version=event.type_version,
        project_reference=event.project_reference,
        client_name=event.client_name,
        owner=event.owner,
        revision=event.revision,
        status=Status.DRAFT,
        created_at=event.timestamp,
        modified_at=event.timestamp,
    )


@project.register
def _(event: Report.HeaderChanged, meta: Happened, rows: Rows) -> None:
    shown = {
        "document_title": "title",
        "project_reference": "project_reference",
        "client_name": "client_name",
    }
    changed = {shown[field]: change.new for field, change in event.changes.items() if field in shown}
    if "title" in changed and (report := rows.get(register, report_id=meta.stream)):
        changed["searched"] = searchable(report["document_number"], changed["title"])
    _change(meta, rows, status=Status.DRAFT, **changed)


@project.register(Report.SectionSaved)
@project.register(Report.RowsImported)
def _(event: Report.SectionSaved | Report.RowsImported, meta: Happened, rows: Rows) -> None:
    _recount(event.section, recounted(event.content, event.row_count), meta, rows)


@project.register
def _(event: Report.TestResultRecorded, meta: Happened, rows: Rows) -> None:
    saved = rows.get(sections, report_id=meta.stream, section=event.section)
    if saved is None or saved["uncounted"]:
        _change(meta, rows, status=Status.DRAFT)
    else:
        _recount(event.section, retested(saved, event.previous, event.result), meta, rows)


@project.register
def _(event: Report.RevisionSubmitted, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, status=Status.IN_REVIEW, revision=event.revision, content_digest=event.content_digest)


@project.register
def _(event: Report.StageOpened, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, stage=event.stage, waiting_for=event.approver, due_at=event.due_at)


@project.register
def _(event: Report.StageReassigned, meta: Happened, rows: Rows) -> None:
    asked = {} if event.due_at is None else {"waiting_for": event.approver, "due_at": event.due_at}
    _change(meta, rows, **asked)


@project.register
def _(event: Report.RevisionApproved, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, status=Status.APPROVED, content_digest=event.content_digest, **_NOBODY)


@project.register
def _(event: Report.ChangesRequested, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, status=Status.CHANGES_REQUESTED, content_digest=None, **_NOBODY)


@project.register
def _(event: Report.SubmissionWithdrawn, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, status=Status.DRAFT, content_digest=None, **_NOBODY)


@project.register
def _(event: Report.RevisionIssued, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, status=Status.ISSUED, latest_issued_revision=event.revision)


@project.register(Report.ApproverAssigned)
@project.register(Report.SignatureApplied)
@project.register(Report.StageApproved)
@project.register(Report.ApprovalsInvalidated)
@project.register(Report.ApproverReminded)
@project.register(Report.StageEscalated)
def _(event: Root.Event, meta: Happened, rows: Rows) -> None:
    _change(meta, rows)


@project.register
def _(event: Report.Disposed, meta: Happened, rows: Rows) -> None:
    # What was counted cannot be counted again: the contents are gone when the table is built anew.
    rows.delete(sections, report_id=meta.stream)
    _change(meta, rows, **dict.fromkeys(COUNTS, 0))


@project.register(Report.Archived)
@project.register(Report.Restored)
@project.register(Report.LegalHoldPlaced)
@project.register(Report.LegalHoldReleased)
@project.register(Report.DispositionProposed)
@project.register(Report.DispositionDeclined)
@project.register(Report.DispositionApproved)
@project.register(Report.ContentDestroyed)
def _(event: Root.Event, meta: Happened, rows: Rows) -> None:
    _change(meta, rows)


def _change(meta: Happened, rows: Rows, **values: Any) -> None:
    moved = {"version": meta.version, "modified_at": meta.event.timestamp}
    rows.update(register, {"report_id": meta.stream}, **moved, **values)


def _recount(section: str, now: ResultCounts, meta: Happened, rows: Rows) -> None:
    before = rows.get(sections, report_id=meta.stream, section=section) or dict.fromkeys(COUNTS, 0)
    report = rows.existing(register, report_id=meta.stream)
    rows.upsert(sections, report_id=meta.stream, section=section, **now)
    _change(
        meta, rows, status=Status.DRAFT, **{each: report[each] - before[each] + now[each] for each in COUNTS}
    )
