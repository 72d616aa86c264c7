"""The addresses that mail is held back from, or was; without the addresses."""

from __future__ import annotations

from functools import singledispatch

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, Table, Text, Uuid

from countersign.aggregates.root import Root
from countersign.aggregates.suppression import Suppression
from countersign.eventstore.mapper import Happened
from countersign.projections.columns import Instant
from countersign.projections.folding.rows import Rows

VERSION = 1
metadata = MetaData()
suppressions = Table(
    f"mail_suppressions_v{VERSION}",
    metadata,
    Column("suppression_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("person", Uuid, nullable=False),
    Column("email_id", Uuid, nullable=False),
    Column("reply_code", Integer, nullable=False),
    Column("reply", Text, nullable=False),
    Column("in_force", Boolean, nullable=False),
    Column("placed_at", Instant, nullable=False),
    Column("lifted_at", Instant),
    Column("lifted_by", Uuid),
    Column("lifted_because", Text),
)
Index(f"{suppressions.name}_placed", suppressions.c.placed_at, suppressions.c.suppression_id)


@singledispatch
def project(event: Root.Event, meta: Happened, rows: Rows) -> None:
    """What is no suppression is passed over."""


@project.register
def _(event: Suppression.Created, meta: Happened, rows: Rows) -> None:
    rows.insert(
        suppressions,
        suppression_id=meta.stream,
        version=meta.version,
        person=event.subject,
        email_id=event.email,
        reply_code=event.reply_code,
        reply=event.reply,
        in_force=True,
        placed_at=event.timestamp,
    )


@project.register
def _(event: Suppression.PlacedAgain, meta: Happened, rows: Rows) -> None:
    rows.update(
        suppressions,
        {"suppression_id": meta.stream},
        version=meta.version,
        email_id=event.email,
        reply_code=event.reply_code,
        reply=event.reply,
        in_force=True,
        placed_at=event.timestamp,
        lifted_at=None,
        lifted_by=None,
        lifted_because=None,
    )


@project.register
def _(event: Suppression.Lifted, meta: Happened, rows: Rows) -> None:
    rows.update(
        suppressions,
        {"suppression_id": meta.stream},
        version=meta.version,
        in_force=False,
        lifted_at=event.timestamp,
        lifted_by=event.by,
        lifted_because=event.reason,
    )
