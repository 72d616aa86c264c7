"""One row for each API client: whose it is, what it may do, and until when."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text, Uuid

from countersign.aggregates.api_client import ApiClient
from countersign.aggregates.api_client_standing import ClientStatus
from countersign.aggregates.root import Root
from countersign.eventstore.mapper import Happened
from countersign.projections.columns import CanonicalJson, Instant
from countersign.projections.folding.rows import Rows

VERSION = 1
metadata = MetaData()
clients = Table(
    f"api_clients_v{VERSION}",
    metadata,
    Column("client_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("creator", Uuid, nullable=False),
    Column("prefix", String(12), nullable=False),
    Column("key_number", Integer, nullable=False),
    Column("retiring_until", Instant),
    Column("scopes", CanonicalJson, nullable=False),
    Column("rate_limit", Integer, nullable=False),
    Column("status", String(10), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)
Index(f"{clients.name}_name", clients.c.name, clients.c.client_id)
Index(f"{clients.name}_creator", clients.c.creator)
Index(f"{clients.name}_expires_at", clients.c.expires_at)


@singledispatch
def project(event: Root.Event, meta: Happened, rows: Rows) -> None:
    """Only API clients are listed."""


@project.register
def _(event: ApiClient.Created, meta: Happened, rows: Rows) -> None:
    rows.insert(
        clients,
        client_id=meta.stream,
        version=meta.version,
        name=event.name,
        creator=event.creator,
        prefix=event.prefix,
        key_number=1,
        scopes=event.scopes,
        rate_limit=event.rate_limit,
        status=ClientStatus.ACTIVE,
        created_at=event.timestamp,
        expires_at=event.expires_at,
    )


@project.register
def _(event: ApiClient.Changed, meta: Happened, rows: Rows) -> None:
    _change(
        meta,
        rows,
        name=event.name,
        scopes=event.scopes,
        rate_limit=event.rate_limit,
        expires_at=event.expires_at,
    )


@project.register
def _(event: ApiClient.KeyRotated, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, key_number=event.key_number, retiring_until=event.retiring_until)


@project.register
def _(event: ApiClient.Suspended, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, status=ClientStatus.SUSPENDED)


@project.register
def _(event: ApiClient.Resumed, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, status=ClientStatus.ACTIVE)


@project.register
def _(event: ApiClient.Revoked, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, status=ClientStatus.REVOKED)


@project.register
def _(event: ApiClient.Expiring, meta: Happened, rows: Rows) -> None:
    _change(meta, rows)


@project.register
def _(event: ApiClient.CertificateBound, meta: Happened, rows: Rows) -> None:
    _change(meta, rows)


@project.register
def _(event: ApiClient.CertificateUnbound, meta: Happened, rows: Rows) -> None:
    _change(meta, rows)


def _change(meta: Happened, rows: Rows, **values: Any) -> None:
    rows.update(clients, {"client_id": meta.stream}, version=meta.version, **values)
