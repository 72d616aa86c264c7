"""Every delivery to an endpoint, and each attempt at it."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text, Uuid

from countersign.aggregates.root import Root
from countersign.aggregates.webhook.delivery import DeliveryStatus, WebhookDelivery
from countersign.eventstore.mapper import Happened
from countersign.projections.columns import Instant
from countersign.projections.folding.rows import Rows

VERSION = 1
metadata = MetaData()
deliveries = Table(
    f"webhook_deliveries_v{VERSION}",
    metadata,
    Column("delivery_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("webhook_id", Uuid, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("event_type", String(60), nullable=False),
    Column("source", Uuid, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("status", Integer),
    Column("error", Text),
    Column("why", Text),
    Column("next_at", Instant),
    Column("queued_at", Instant, nullable=False),
    Column("attempted_at", Instant),
    Column("settled_at", Instant),
)
attempts = Table(
    f"webhook_deliveries_attempt_v{VERSION}",
    metadata,
    Column("delivery_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("worker", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("duration_ms", Integer, nullable=False),
    Column("error", Text, nullable=False),
)
Index(f"{deliveries.name}_queued", deliveries.c.webhook_id, deliveries.c.queued_at, deliveries.c.delivery_id)
Index(f"{deliveries.name}_state", deliveries.c.webhook_id, deliveries.c.state)


@singledispatch
def project(event: Root.Event, meta: Happened, rows: Rows) -> None:
    """Only deliveries are kept here."""


@project.register
def _(event: WebhookDelivery.Created, meta: Happened, rows: Rows) -> None:
    rows.insert(
        deliveries,
        delivery_id=meta.stream,
        version=meta.version,
        webhook_id=event.webhook,
        event_id=event.event_id,
        event_type=event.event_type,
        source=event.source,
        position=event.position,
        state=DeliveryStatus.QUEUED,
        attempts=0,
        queued_at=event.timestamp,
    )


@project.register
def _(event: WebhookDelivery.Attempted, meta: Happened, rows: Rows) -> None:
    rows.upsert(
        attempts,
        delivery_id=meta.stream,
        number=event.tried,
        at=event.timestamp,
        worker=event.worker,
        status=event.status,
        duration_ms=event.duration_ms,
        error=event.error,
    )
    came = {"status": event.status, "error": event.error, "attempted_at": event.timestamp}
    _change(meta, rows, DeliveryStatus.RETRYING, attempts=event.tried, next_at=event.retry_at, **came)


@project.register
def _(event: WebhookDelivery.Succeeded, meta: Happened, rows: Rows) -> None:
    _settle(meta, rows, DeliveryStatus.SUCCEEDED, None)


@project.register
def _(event: WebhookDelivery.DeadLettered, meta: Happened, rows: Rows) -> None:
    _settle(meta, rows, DeliveryStatus.DEAD_LETTERED, event.reason)


@project.register
def _(event: WebhookDelivery.Dropped, meta: Happened, rows: Rows) -> None:
    _settle(meta, rows, DeliveryStatus.DROPPED, event.reason)


@project.register
def _(event: WebhookDelivery.Cancelled, meta: Happened, rows: Rows) -> None:
    _settle(meta, rows, DeliveryStatus.DROPPED, event.reason)


@project.register
def _(event: WebhookDelivery.Resent, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, DeliveryStatus.QUEUED, why=event.reason, settled_at=None, next_at=None)


def _settle(meta: Happened, rows: Rows, state: DeliveryStatus, why: str | None) -> None:
    _change(meta, rows, state, why=why, settled_at=meta.event.timestamp, next_at=None)


def _change(meta: Happened, rows: Rows, state: DeliveryStatus, **values: Any) -> None:
    rows.update(deliveries, {"delivery_id": meta.stream}, version=meta.version, state=state, **values)
