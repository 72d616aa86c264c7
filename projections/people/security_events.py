"""What concerns the safety of the service: from sign-ins to refusals, without any report's content.

Of a network address only the /24 or /48 is kept, so that this table may be read by those who run the service;
the whole address stays sealed in the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import singledispatch
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text, Uuid

from countersign.aggregates.access_policy import AccessPolicy
from countersign.aggregates.account import Account
from countersign.aggregates.network import shown_network
from countersign.aggregates.root import Root, derived_id
from countersign.aggregates.security_event import SecurityEvent, Severity
from countersign.aggregates.session import REFRESH_REUSED, Session
from countersign.eventstore.context import ANONYMOUS, SYSTEM
from countersign.eventstore.mapper import Happened
from countersign.projections.audit.audit_summary import summary
from countersign.projections.columns import CanonicalJson, Instant
from countersign.projections.folding.rows import Rows

VERSION = 1
metadata = MetaData()
security_events = Table(
    f"security_events_v{VERSION}",
    metadata,
    Column("event_id", Uuid, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", String(60), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("account", Uuid),
    Column("network", String(50)),
    Column("summary", Text, nullable=False),
    Column("detail", CanonicalJson, nullable=False),
    Column("count", Integer, nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("correlation", Text, nullable=False),
)
for _name in ("kind", "severity", "account", "network"):
    Index(f"{security_events.name}_{_name}", security_events.c[_name], security_events.c.position)
Index(f"{security_events.name}_position", security_events.c.position, unique=True)

LOGIN_FAILED: Final = "login_failed"
Told = tuple[str, Severity]
OF_TOPICS: Final[Mapping[str, Told]] = MappingProxyType(
    {
        "session.started": ("signed_in", Severity.INFO),
        "sign_in_throttle.login_failed": (LOGIN_FAILED, Severity.INFO),
        "sign_in_throttle.account_locked": ("account_locked", Severity.WARNING),
        "sign_in_throttle.network_locked": ("network_locked", Severity.WARNING),
        "sign_in_throttle.account_unlocked": ("account_unlocked", Severity.INFO),
        "second_factor.enabled": ("second_factor_enabled", Severity.INFO),
        "second_factor.disabled": ("second_factor_disabled", Severity.WARNING),
        "second_factor.backup_codes_issued": ("backup_codes_issued", Severity.INFO),
        "second_factor.backup_code_used": ("backup_code_used", Severity.WARNING),
        "account.registered": ("account_registered", Severity.INFO),
        "account.approved": ("account_approved", Severity.INFO),
        "account.role_changed": ("role_changed", Severity.WARNING),
        "account.disabled": ("account_disabled", Severity.WARNING),
        "account.enabled": ("account_enabled", Severity.WARNING),
        "account.closed": ("account_closed", Severity.INFO),
        "account.email_change_confirmed": ("email_changed", Severity.WARNING),
        "account.password_changed": ("password_changed", Severity.INFO),
        "account.password_reset": ("password_reset", Severity.WARNING),
        "api_client.created": ("api_client_created", Severity.WARNING),
        "api_client.key_rotated": ("api_key_rotated", Severity.INFO),
        "api_client.changed": ("api_client_changed", Severity.WARNING),
        "api_client.suspended": ("api_client_suspended", Severity.WARNING),
        "api_client.resumed": ("api_client_resumed", Severity.WARNING),
        "api_client.revoked": ("api_client_revoked", Severity.INFO),
        "access_policy.network_unblocked": ("network_unblocked", Severity.INFO),
        "configuration.reloaded": ("configuration_reloaded", Severity.INFO),
        "configuration.rejected": ("configuration_rejected", Severity.WARNING),
        "feature_flag.set": ("feature_flag_set", Severity.INFO),
    }
)


def key_of(meta: Happened) -> UUID:
    """The stream, or the command where its events share a row."""
    told = OF_TOPICS.get(meta.topic)
    return _command_id(meta) if told is not None and told[0] == LOGIN_FAILED else meta.stream


@singledispatch
def project(event: object, meta: Happened, rows: Rows) -> None:
    """Only events are entered, and only those that are named here."""


@project.register
def _(event: Root.Event, meta: Happened, rows: Rows) -> None:
    told = OF_TOPICS.get(meta.topic)
    if told is None:
        return
    known = {"event_id": _command_id(meta)} if told[0] == LOGIN_FAILED else {}
    _enter(told, event, meta, rows, **known)


@project.register
def _(event: Session.Revoked, meta: Happened, rows: Rows) -> None:
    reused = event.reason == REFRESH_REUSED
    told = ("refresh_token_reused", Severity.CRITICAL) if reused else ("session_ended", Severity.INFO)
    _enter(told, event, meta, rows, detail={"reason": event.reason})


@project.register
def _(event: AccessPolicy.NetworkBlocked, meta: Happened, rows: Rows) -> None:
    severity = Severity.CRITICAL if event.automatic else Severity.WARNING
    kind = "network_blocked_automatically" if event.automatic else "network_blocked"
    shown = shown_network(str(event.network))
    _enter((kind, severity), event, meta, rows, network=shown, detail={"reason": event.reason})


@project.register
def _(event: SecurityEvent.Created, meta: Happened, rows: Rows) -> None:
    _enter(
        (event.kind, event.severity),
        event,
        meta,
        rows,
        account=event.account,
        network=shown_network(str(event.network)),
        detail=dict(event.detail),
        count=event.count,
        began_at=event.began_at,
    )


def _enter(told: Told, event: Root.Event, meta: Happened, rows: Rows, **known: Any) -> None:
    kind, severity = told
    usual: dict[str, Any] = {
        "event_id": meta.event_id,
        "account": _account(event, meta),
        "network": shown_network(str(meta.client.ip)),
        "summary": summary(event),
        "detail": {},
        "count": 1,
        "began_at": event.timestamp,
    }
    rows.upsert(
        security_events,
        position=meta.position,
        at=meta.recorded_at,
        kind=str(kind),
        severity=str(severity),
        correlation=meta.metadata.correlation,
        **{**usual, **known},
    )


def _command_id(meta: Happened) -> UUID:
    """A failure is counted for the address and for the network: two events of one command, one row."""
    return derived_id(LOGIN_FAILED, str(meta.metadata.actor), meta.metadata.command_key)


def _account(event: Root.Event, meta: Happened) -> UUID | None:
    if meta.topic.partition(".")[0] == Account.TOPIC:
        return meta.stream
    account: UUID | None = getattr(event, "account", meta.metadata.actor)
    return None if account in (SYSTEM, ANONYMOUS) else account
