"""Who is signed in, since when, and what has ended: where from stands in the log alone, sealed."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import singledispatch
from uuid import UUID

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table, Uuid

from countersign.aggregates.account import Account
from countersign.aggregates.root import Root
from countersign.aggregates.session import Session
from countersign.eventstore.mapper import Happened
from countersign.projections.columns import CanonicalJson, Instant
from countersign.projections.folding.rows import Rows

VERSION = 1
PARTITIONED = False  # an account's event ends all its sessions
metadata = MetaData()
sessions = Table(
    f"sessions_v{VERSION}",
    metadata,
    Column("session_id", Uuid, primary_key=True),
    Column("account", Uuid, nullable=False),
    Column("factors", CanonicalJson, nullable=False),
    Column("new_network", Boolean, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("last_used_at", Instant, nullable=False),
    Column("idle_s", Integer, nullable=False),
    Column("idle_until", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("reauthenticated_at", Instant),
    Column("ended_at", Instant),
    Column("ended_because", String(40)),
)
Index(f"{sessions.name}_account", sessions.c.account, sessions.c.started_at)


def also_of(meta: Happened) -> tuple[UUID, ...]:
    """Whose session begins: what ends all of an account's sessions must come after it."""
    return (meta.event.account,) if isinstance(meta.event, Session.Created) else ()


@singledispatch
def project(event: Root.Event, meta: Happened, rows: Rows) -> None:
    """Other events say nothing about sessions."""


@project.register
def _(event: Session.Created, meta: Happened, rows: Rows) -> None:
    rows.upsert(
        sessions,
        session_id=meta.stream,
        account=event.account,
        factors=event.factors,
        new_network=event.new_network,
        started_at=event.timestamp,
        last_used_at=event.timestamp,
        idle_s=event.idle_s,
        idle_until=event.timestamp + timedelta(seconds=event.idle_s),
        expires_at=event.expires_at,
    )


@project.register
def _(event: Session.Refreshed, meta: Happened, rows: Rows) -> None:
    _used(meta.stream, event.timestamp, rows)


@project.register
def _(event: Session.Continued, meta: Happened, rows: Rows) -> None:
    _used(meta.stream, event.timestamp, rows)


@project.register
def _(event: Session.Reauthenticated, meta: Happened, rows: Rows) -> None:
    rows.update(sessions, {"session_id": meta.stream}, reauthenticated_at=event.timestamp)


@project.register
def _(event: Session.FactorProved, meta: Happened, rows: Rows) -> None:
    factors = rows.existing(sessions, session_id=meta.stream)["factors"]
    rows.update(sessions, {"session_id": meta.stream}, factors=(*factors, event.factor))


@project.register
def _(event: Session.Revoked, meta: Happened, rows: Rows) -> None:
    rows.update(sessions, {"session_id": meta.stream}, ended_at=event.timestamp, ended_because=event.reason)


@project.register
def _(event: Account.SessionsEnded, meta: Happened, rows: Rows) -> None:
    _end_all(meta.stream, event.timestamp, "ended_with_all", rows, kept=event.kept_session)


@project.register
def _(event: Account.PasswordChanged, meta: Happened, rows: Rows) -> None:
    _end_all(meta.stream, event.timestamp, "password_changed", rows, kept=event.kept_session)


@project.register
def _(event: Account.PasswordReset, meta: Happened, rows: Rows) -> None:
    _end_all(meta.stream, event.timestamp, "password_reset", rows)


@project.register
def _(event: Account.Disabled, meta: Happened, rows: Rows) -> None:
    _end_all(meta.stream, event.timestamp, "account_disabled", rows)


@project.register
def _(event: Account.Closed, meta: Happened, rows: Rows) -> None:
    _end_all(meta.stream, event.timestamp, "account_closed", rows)


def _used(session: UUID, at: datetime, rows: Rows) -> None:
    idle_s = rows.existing(sessions, session_id=session)["idle_s"]
    rows.update(sessions, {"session_id": session}, last_used_at=at, idle_until=at + timedelta(seconds=idle_s))


def _end_all(account: UUID, at: datetime, because: str, rows: Rows, kept: UUID | None = None) -> None:
    for row in rows.find(sessions, account=account):
        if row["ended_at"] is None and row["session_id"] != kept:
            rows.update(sessions, {"session_id": row["session_id"]}, ended_at=at, ended_because=because)
