"""Who stands behind an account or an address: the only read table with names in it."""

from __future__ import annotations

from functools import singledispatch
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table, Text, Uuid

from countersign.aggregates.account import Account, AccountStatus
from countersign.aggregates.api_client import ApiClient
from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.report.report import Report
from countersign.aggregates.root import Erased, Personal, Root
from countersign.eventstore.mapper import Happened
from countersign.projections.columns import Instant
from countersign.projections.folding.rows import Rows

VERSION = 1
PARTITIONED = False  # a recipient is looked for among the accounts
metadata = MetaData()
people = Table(
    f"people_v{VERSION}",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("kind", String(10), nullable=False),  # account, recipient of mail without one, or api_client
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("erased", Boolean, nullable=False),
    Column("email_identity", Uuid),
    Column("role", String(30)),
    Column("status", String(10)),
    Column("version", Integer),
    Column("known_since", Instant, nullable=False),
)
Index(f"{people.name}_email_identity", people.c.email_identity)


def key_of(meta: Happened) -> UUID:
    """The person, also where the event is of another stream."""
    return meta.event.subject if isinstance(meta.event, EmailMessage.Created) else meta.stream


def also_of(meta: Happened) -> tuple[UUID, ...]:
    """Whom else an event names: a recipient of mail may be an account, or become one."""
    event = meta.event
    if isinstance(event, Account.Created | Account.EmailChangeConfirmed):
        return (event.email_identity,)
    if isinstance(event, Report.RevisionIssued):
        return tuple(recipient.subject for recipient in event.recipients)
    return ()


@singledispatch
def project(event: Root.Event, meta: Happened, rows: Rows) -> None:
    """Other events name nobody."""


@project.register
def _(event: Account.Created, meta: Happened, rows: Rows) -> None:
    rows.upsert(
        people,
        person_id=meta.stream,
        kind="account",
        **_personal(event.name, event.email),
        email_identity=event.email_identity,
        role=event.requested_role,
        status=AccountStatus.PENDING,
        version=meta.version,
        known_since=event.timestamp,
    )
    rows.delete(people, person_id=event.email_identity)


@project.register
def _(event: Account.Approved, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, role=event.role, status=AccountStatus.ACTIVE)


@project.register
def _(event: ApiClient.Created, meta: Happened, rows: Rows) -> None:
    rows.insert(
        people,
        person_id=meta.stream,
        kind="api_client",
        name=event.name,
        email="",
        erased=False,
        known_since=event.timestamp,
    )


@project.register
def _(event: ApiClient.Changed, meta: Happened, rows: Rows) -> None:
    rows.update(people, {"person_id": meta.stream}, name=event.name)


@project.register
def _(event: Account.Rejected, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, status=AccountStatus.REJECTED)


@project.register
def _(event: Account.RoleChanged, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, role=event.new)


@project.register
def _(event: Account.Disabled, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, status=AccountStatus.DISABLED)


@project.register
def _(event: Account.Enabled, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, status=AccountStatus.ACTIVE)


@project.register
def _(event: Account.Closed, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, status=AccountStatus.CLOSED)


@project.register
def _(event: Account.ProfileChanged, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, name=str(event.name), erased=isinstance(event.name, Erased))


@project.register
def _(event: Account.EmailChangeConfirmed, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, email=str(event.email), email_identity=event.email_identity)
    rows.delete(people, person_id=event.email_identity)


def _go_on(event: Root.Event, meta: Happened, rows: Rows) -> None:
    _change(meta, rows)


for concerns_no_column in (
    Account.EmailVerified,
    Account.EmailChangeRequested,
    Account.PasswordChanged,
    Account.PasswordReset,
    Account.PasswordRehashed,
    Account.SessionsEnded,
):
    project.register(concerns_no_column, _go_on)


@project.register
def _(event: EmailMessage.Created, meta: Happened, rows: Rows) -> None:
    _recipient(event.subject, event.name, event.to, meta, rows)


@project.register
def _(event: Report.RevisionIssued, meta: Happened, rows: Rows) -> None:
    for recipient in event.recipients:
        _recipient(recipient.subject, recipient.name, recipient.email, meta, rows)


def _change(meta: Happened, rows: Rows, **changed: Any) -> None:
    rows.update(people, {"person_id": meta.stream}, **changed, version=meta.version)


def _recipient(subject: UUID, name: Personal, email: Personal, meta: Happened, rows: Rows) -> None:
    if _has_account(subject, rows):
        return
    known = rows.get(people, person_id=subject)
    since = known["known_since"] if known else meta.event.timestamp
    rows.upsert(people, person_id=subject, kind="recipient", **_personal(name, email), known_since=since)


def _has_account(subject: UUID, rows: Rows) -> bool:
    known = rows.get(people, person_id=subject)
    return (known is not None and known["kind"] == "account") or bool(
        rows.find(people, email_identity=subject)
    )


def _personal(name: Personal, email: Personal) -> dict[str, Any]:
    return {"name": str(name), "email": str(email), "erased": isinstance(name, Erased)}
