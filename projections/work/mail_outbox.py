"""Every mail and how far it has come, up to the reply of the mail server; without names and addresses."""

from __future__ import annotations

from functools import singledispatch
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text, Uuid

from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.email_status import EmailStatus
from countersign.aggregates.root import Root
from countersign.eventstore.mapper import Happened
from countersign.projections.columns import CanonicalJson, Instant
from countersign.projections.folding.rows import Rows
from countersign.projections.work.mail_causes import CAUSES, causes_table, note, report_of

VERSION = 2
PARTITIONED = False  # a mail is looked up by the event of a report that caused it
metadata = MetaData()
outbox = Table(
    f"mail_outbox_v{VERSION}",
    metadata,
    Column("email_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("report_id", Uuid),
    Column("cause", Uuid, nullable=False),
    Column("recipient", Uuid, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("attachments", CanonicalJson, nullable=False),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("worker", Text),
    Column("reply_code", Integer),
    Column("reply", Text),
    Column("why", Text),
    Column("next_at", Instant),
    Column("queued_at", Instant, nullable=False),
    Column("attempted_at", Instant),
    Column("settled_at", Instant),
)
causes = causes_table(f"mail_outbox_cause_v{VERSION}", metadata)
Index(f"{outbox.name}_queued", outbox.c.queued_at, outbox.c.email_id)
Index(f"{outbox.name}_report", outbox.c.report_id)


def also_of(meta: Happened) -> tuple[UUID, ...]:
    """The cause of a mail, by which its report is known."""
    return (meta.event.cause,) if isinstance(meta.event, EmailMessage.Created) else ()


@singledispatch
def project(event: Root.Event, meta: Happened, rows: Rows) -> None:
    """What is neither a mail nor its cause is passed over."""


def _cause(event: Root.Event, meta: Happened, rows: Rows) -> None:
    note(causes, meta, rows)


for cause in CAUSES:
    project.register(cause, _cause)


@project.register
def _(event: EmailMessage.Created, meta: Happened, rows: Rows) -> None:
    rows.insert(
        outbox,
        email_id=meta.stream,
        version=meta.version,
        purpose=event.purpose,
        report_id=report_of(causes, event.cause, rows),
        cause=event.cause,
        recipient=event.subject,
        message_id=event.message_id,
        attachments=event.attachments,
        state=EmailStatus.QUEUED,
        attempts=0,
        queued_at=event.timestamp,
    )


@project.register
def _(event: EmailMessage.Attempted, meta: Happened, rows: Rows) -> None:
    begun = {"attempts": event.attempt, "worker": event.worker, "attempted_at": event.timestamp}
    _change(meta, rows, EmailStatus.SENDING, **begun, next_at=None)


@project.register
def _(event: EmailMessage.Sent, meta: Happened, rows: Rows) -> None:
    _settle(meta, rows, EmailStatus.SENT, reply_code=event.reply_code, reply=event.reply, why=None)


@project.register
def _(event: EmailMessage.Deferred, meta: Happened, rows: Rows) -> None:
    answer = {"reply_code": event.reply_code, "reply": event.reply}
    _change(meta, rows, EmailStatus.DEFERRED, **answer, next_at=event.retry_at)


@project.register
def _(event: EmailMessage.Bounced, meta: Happened, rows: Rows) -> None:
    _settle(meta, rows, EmailStatus.BOUNCED, reply_code=event.reply_code, reply=event.reply)


@project.register
def _(event: EmailMessage.WentInDoubt, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, EmailStatus.IN_DOUBT, why=event.why)


@project.register
def _(event: EmailMessage.DeadLettered, meta: Happened, rows: Rows) -> None:
    _settle(meta, rows, EmailStatus.DEAD_LETTERED, why=event.reason)


@project.register
def _(event: EmailMessage.Suppressed, meta: Happened, rows: Rows) -> None:
    _settle(meta, rows, EmailStatus.SUPPRESSED, why="nobody is at its address")


@project.register
def _(event: EmailMessage.Resolved, meta: Happened, rows: Rows) -> None:
    if event.resent:
        _change(meta, rows, EmailStatus.QUEUED, why=event.reason, settled_at=None)
    else:
        _settle(meta, rows, EmailStatus.DISMISSED, why=event.reason)


def _settle(meta: Happened, rows: Rows, state: EmailStatus, **values: Any) -> None:
    _change(meta, rows, state, **values, settled_at=meta.event.timestamp, next_at=None)


def _change(meta: Happened, rows: Rows, state: EmailStatus, **values: Any) -> None:
    rows.update(outbox, {"email_id": meta.stream}, version=meta.version, state=state, **values)
