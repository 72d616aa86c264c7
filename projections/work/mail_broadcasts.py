"""What administrators have written to everybody in certain roles, and how far each has come."""

from __future__ import annotations

from functools import singledispatch

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text, Uuid

from countersign.aggregates.broadcast import Broadcast, BroadcastStatus
from countersign.aggregates.root import Root
from countersign.eventstore.mapper import Happened
from countersign.projections.columns import CanonicalJson, Instant
from countersign.projections.folding.rows import Rows

VERSION = 1
metadata = MetaData()
broadcasts = Table(
    f"mail_broadcasts_v{VERSION}",
    metadata,
    Column("broadcast_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("topic", Text, nullable=False),
    Column("roles", CanonicalJson, nullable=False),
    Column("ordered_by", Uuid, nullable=False),
    Column("ordered_at", Instant, nullable=False),
    Column("status", String(10), nullable=False),
    Column("recipients", Integer, nullable=False),
    Column("planned", Integer, nullable=False, default=0),
    Column("cancelled_by", Uuid),
    Column("cancelled_because", Text),
)
Index(f"{broadcasts.name}_ordered", broadcasts.c.ordered_at, broadcasts.c.broadcast_id)


@singledispatch
def project(event: Root.Event, meta: Happened, rows: Rows) -> None:
    """What is no broadcast is passed over."""


@project.register
def _(event: Broadcast.Created, meta: Happened, rows: Rows) -> None:
    rows.insert(
        broadcasts,
        broadcast_id=meta.stream,
        version=meta.version,
        topic=event.topic,
        roles=list(event.roles),
        ordered_by=event.by,
        ordered_at=event.timestamp,
        status=BroadcastStatus.PLANNING,
        recipients=len(event.recipients),
    )


@project.register
def _(event: Broadcast.Progressed, meta: Happened, rows: Rows) -> None:
    known = rows.existing(broadcasts, broadcast_id=meta.stream)
    is_done = event.planned >= known["recipients"] and known["status"] == BroadcastStatus.PLANNING
    rows.update(
        broadcasts,
        {"broadcast_id": meta.stream},
        version=meta.version,
        planned=event.planned,
        status=BroadcastStatus.PLANNED if is_done else known["status"],
    )


@project.register
def _(event: Broadcast.Cancelled, meta: Happened, rows: Rows) -> None:
    rows.update(
        broadcasts,
        {"broadcast_id": meta.stream},
        version=meta.version,
        status=BroadcastStatus.CANCELLED,
        cancelled_by=event.by,
        cancelled_because=event.reason,
    )
