"""Every event in plain words: who did what, when, to which report."""

from __future__ import annotations

from functools import singledispatch
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text, Uuid

from countersign.aggregates.document_number import DocumentNumber
from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.report.report import Report
from countersign.aggregates.root import Root
from countersign.eventstore.mapper import Happened
from countersign.projections.audit.audit_summary import summary
from countersign.projections.columns import Instant
from countersign.projections.folding.rows import Rows

VERSION = 1
PARTITIONED = False  # a mail is entered with the report of its cause
metadata = MetaData()
entries = Table(
    f"audit_log_v{VERSION}",
    metadata,
    Column("event_id", Uuid, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("actor", Uuid, nullable=False),
    Column("on_behalf_of", Uuid),
    Column("action", String(60), nullable=False),
    Column("stream", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("report_id", Uuid),
    Column("correlation", Text, nullable=False),
    Column("causation", Uuid),
    Column("command", Text, nullable=False),
    Column("summary", Text, nullable=False),
)
streams = Table(
    f"audit_log_stream_v{VERSION}",
    metadata,
    Column("stream", Uuid, primary_key=True),
    Column("report_id", Uuid, nullable=False),
)
_WITHOUT_COMMENT: Final = "Test result recorded"
_ABOUT_REPORTS: Final = frozenset({DocumentNumber.TOPIC, Rendering.TOPIC, EmailMessage.TOPIC})

Index(f"{entries.name}_position", entries.c.position, unique=True)
Index(f"{entries.name}_report", entries.c.report_id, entries.c.position)
Index(f"{entries.name}_actor", entries.c.actor, entries.c.position)
Index(f"{entries.name}_action", entries.c.action, entries.c.position)


def also_of(meta: Happened) -> tuple[UUID, ...]:
    """The cause of a mail, by which its report is known."""
    return (meta.event.cause,) if isinstance(meta.event, EmailMessage.Created) else ()


@singledispatch
def project(event: object, meta: Happened, rows: Rows) -> None:
    """Only events are entered."""


@project.register
def _(event: Root.Event, meta: Happened, rows: Rows) -> None:
    _enter(event, meta, rows)


def _enter(event: Root.Event, meta: Happened, rows: Rows) -> None:
    rows.insert(
        entries,
        event_id=meta.event_id,
        position=meta.position,
        recorded_at=meta.recorded_at,
        decided_at=event.timestamp,
        actor=meta.metadata.actor,
        on_behalf_of=meta.metadata.on_behalf_of,
        action=meta.topic,
        stream=meta.stream,
        version=meta.version,
        report_id=_report(event, meta, rows),
        correlation=meta.metadata.correlation,
        causation=meta.metadata.causation,
        command=meta.metadata.command,
        summary=summary(event),
    )


@project.register
def _(event: Report.Disposed, meta: Happened, rows: Rows) -> None:
    """What was said of results is content: the same words stay that a table has which is built afterwards."""
    for row in rows.find(entries, report_id=meta.stream, action=Report.TestResultRecorded.TOPIC):
        rows.update(entries, {"event_id": row["event_id"]}, summary=_WITHOUT_COMMENT)
    _enter(event, meta, rows)


def _report(event: Root.Event, meta: Happened, rows: Rows) -> UUID | None:
    kind = meta.topic.partition(".")[0]
    if kind == Report.TOPIC:
        return meta.stream
    if kind not in _ABOUT_REPORTS:
        return None
    if isinstance(event, DocumentNumber.Created | Rendering.Created):
        return _remember(event.report_id, meta, rows)
    if isinstance(event, EmailMessage.Created):
        cause = rows.get(entries, event_id=event.cause)
        return _remember(cause["report_id"], meta, rows) if cause else None
    known = rows.get(streams, stream=meta.stream)
    return known["report_id"] if known else None


def _remember(report: UUID | None, meta: Happened, rows: Rows) -> UUID | None:
    if report is not None:
        rows.insert(streams, stream=meta.stream, report_id=report)
    return report
