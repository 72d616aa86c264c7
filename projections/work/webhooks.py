"""The endpoints that are told of what happens, and how well they answer; without secrets."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

import msgspec
from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text, Uuid

from countersign.aggregates.root import Root
from countersign.aggregates.webhook.subscription import WebhookSubscription
from countersign.eventstore.mapper import Happened
from countersign.projections.columns import CanonicalJson, Instant
from countersign.projections.folding.rows import Rows

VERSION = 1
metadata = MetaData()
webhooks = Table(
    f"webhooks_v{VERSION}",
    metadata,
    Column("webhook_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("event_types", CanonicalJson, nullable=False),
    Column("only", CanonicalJson, nullable=False),
    Column("headers", CanonicalJson, nullable=False),
    Column("registered_by", Uuid, nullable=False),
    Column("secret_number", Integer, nullable=False),
    Column("retiring_until", Instant),
    Column("paused_by", String(10)),
    Column("paused_because", Text),
    Column("paused_at", Instant),
    Column("probe_at", Instant),
    Column("failures", Integer, nullable=False),
    Column("tested_at", Instant),
    Column("test_error", Text),
    Column("registered_at", Instant, nullable=False),
)
Index(f"{webhooks.name}_name", webhooks.c.name, webhooks.c.webhook_id)

_GOING_ON: dict[str, Any] = {
    "paused_by": None,
    "paused_because": None,
    "paused_at": None,
    "probe_at": None,
    "failures": 0,
}


@singledispatch
def project(event: Root.Event, meta: Happened, rows: Rows) -> None:
    """Only webhooks are kept here."""


@project.register
def _(event: WebhookSubscription.Created, meta: Happened, rows: Rows) -> None:
    rows.insert(
        webhooks,
        webhook_id=meta.stream,
        version=meta.version,
        **_terms(event),
        registered_by=event.registered_by,
        secret_number=1,
        failures=0,
        registered_at=event.timestamp,
    )


@project.register
def _(event: WebhookSubscription.Changed, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, **_terms(event))


@project.register
def _(event: WebhookSubscription.SecretRotated, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, secret_number=event.number, retiring_until=event.retiring_until)


@project.register
def _(event: WebhookSubscription.Paused, meta: Happened, rows: Rows) -> None:
    why = {"paused_by": event.by, "paused_because": event.reason, "paused_at": event.timestamp}
    _change(meta, rows, **why, probe_at=event.probe_at)


@project.register
def _(event: WebhookSubscription.Resumed, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, **_GOING_ON)


@project.register
def _(event: WebhookSubscription.AttemptFailed, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, failures=event.in_a_row)


@project.register
def _(event: WebhookSubscription.ProbeFailed, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, probe_at=event.probe_at)


@project.register
def _(event: WebhookSubscription.Recovered, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, failures=0)


@project.register
def _(event: WebhookSubscription.Tested, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, tested_at=event.timestamp, test_error=event.error)


@project.register
def _(event: WebhookSubscription.ReplayRequested, meta: Happened, rows: Rows) -> None:
    _change(meta, rows)


@project.register
def _(event: WebhookSubscription.Deleted, meta: Happened, rows: Rows) -> None:
    rows.delete(webhooks, webhook_id=meta.stream)


def _terms(event: WebhookSubscription.Created | WebhookSubscription.Changed) -> dict[str, Any]:
    return {
        "name": event.name,
        "url": event.url,
        "event_types": event.event_types,
        "only": msgspec.to_builtins(event.only),
        "headers": [each.name for each in event.headers],
    }


def _change(meta: Happened, rows: Rows, **values: Any) -> None:
    rows.update(webhooks, {"webhook_id": meta.stream}, version=meta.version, **values)
