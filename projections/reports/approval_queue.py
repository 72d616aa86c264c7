"""The stages that wait for somebody, each with what that person needs to know."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text, Uuid

from countersign.aggregates.report.report import Report
from countersign.aggregates.root import Root
from countersign.eventstore.mapper import Happened
from countersign.projections.columns import Instant
from countersign.projections.folding.rows import Rows

VERSION = 1
metadata = MetaData()
queue = Table(
    f"approval_queue_v{VERSION}",
    metadata,
    Column("report_id", Uuid, primary_key=True),
    Column("stage", Integer, primary_key=True),
    Column("role", String(30), nullable=False),
    Column("approver", Uuid, nullable=False),
    Column("since", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Column("revision", String(20), nullable=False),
    Column("content_digest", String(64), nullable=False),
    Column("document_number", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("owner", Uuid, nullable=False),
)
reports = Table(
    f"approval_queue_report_v{VERSION}",
    metadata,
    Column("report_id", Uuid, primary_key=True),
    Column("document_number", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("owner", Uuid, nullable=False),
    Column("content_digest", String(64)),
)
Index(f"{queue.name}_approver", queue.c.approver, queue.c.due_at)


@singledispatch
def project(event: Root.Event, meta: Happened, rows: Rows) -> None:
    """What does not change who waits for whom is passed over."""


@project.register
def _(event: Report.Created, meta: Happened, rows: Rows) -> None:
    known = {"document_number": event.document_number, "title": event.title, "owner": event.owner}
    rows.insert(reports, report_id=meta.stream, **known)


@project.register
def _(event: Report.HeaderChanged, meta: Happened, rows: Rows) -> None:
    if title := event.changes.get("document_title"):
        rows.update(reports, {"report_id": meta.stream}, title=title.new)


@project.register
def _(event: Report.RevisionSubmitted, meta: Happened, rows: Rows) -> None:
    rows.update(reports, {"report_id": meta.stream}, content_digest=event.content_digest)


@project.register
def _(event: Report.StageOpened, meta: Happened, rows: Rows) -> None:
    known = rows.existing(reports, report_id=meta.stream)
    opened = {
        "role": event.role,
        "approver": event.approver,
        "since": event.timestamp,
        "due_at": event.due_at,
    }
    rows.upsert(queue, stage=event.stage, revision=event.revision, version=meta.version, **opened, **known)


@project.register
def _(event: Report.StageApproved, meta: Happened, rows: Rows) -> None:
    rows.delete(queue, report_id=meta.stream, stage=event.stage)


@project.register
def _(event: Report.StageReassigned, meta: Happened, rows: Rows) -> None:
    _change(
        meta, rows, **({} if event.due_at is None else {"approver": event.approver, "due_at": event.due_at})
    )


@project.register(Report.ApproverReminded)
@project.register(Report.StageEscalated)
def _(event: Root.Event, meta: Happened, rows: Rows) -> None:
    _change(meta, rows)


@project.register(Report.ChangesRequested)
@project.register(Report.SubmissionWithdrawn)
def _(event: Root.Event, meta: Happened, rows: Rows) -> None:
    rows.delete(queue, report_id=meta.stream)


def _change(meta: Happened, rows: Rows, **values: Any) -> None:
    for row in rows.find(queue, report_id=meta.stream):
        key = {"report_id": meta.stream, "stage": row["stage"]}
        rows.update(queue, key, version=meta.version, **values)
