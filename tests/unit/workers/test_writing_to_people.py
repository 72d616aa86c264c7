"""Whom a mail about an account goes to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from countersign.aggregates.account import Account
from countersign.aggregates.mailbox import Mailbox
from countersign.aggregates.one_time_ticket import Ticket
from countersign.aggregates.registration import Registration
from countersign.aggregates.role import Role
from countersign.aggregates.root import Root
from countersign.aggregates.second_factor import SecondFactor
from countersign.aggregates.session import Session
from countersign.aggregates.sign_in_throttle import SignInThrottle
from countersign.eventstore.mapper import Happened
from countersign.eventstore.metadata import Metadata
from countersign.workers.reactions.write_to_people import write_to_people

AT = datetime(2026, 3, 1, tzinfo=UTC)
STREAM, PERSON = UUID(int=1), UUID(int=2)
TICKET = Ticket("n" * 32, "h" * 64, AT)
WISH: dict[str, Any] = {
    "originator_topic": "registration",
    "name": "Sara",
    "email": "sara@example.com",
    "email_identity": UUID(int=3),
    "password_hash": "$argon2id$",
    "requested_role": Role.ENGINEER,
    "ticket": TICKET,
}
LOCKED: dict[str, Any] = {"place": "elsewhere", "until": AT, "count": 5}
STARTED: dict[str, Any] = {
    "originator_topic": "session",
    "account": PERSON,
    "factors": ("password",),
    "expires_at": AT,
    "idle_s": 1,
    "generation": 0,
    "network": "192.0.2.7",
    "agent": "",
    "enrolment_only": False,
}


def happened(event_class: type[Any], command: str = "Something", **fields: Any) -> Happened:
    event: Root.Event = event_class(originator_id=STREAM, originator_version=9, timestamp=AT, **fields)
    return Happened(
        event=event,
        position=77,
        stream=STREAM,
        version=9,
        topic=event_class.TOPIC,
        recorded_at=AT,
        metadata=Metadata(actor=PERSON, correlation="trail", command=command, command_key="key"),
    )


@pytest.mark.parametrize(
    ("event", "purpose"),
    [
        (happened(Registration.Created, **WISH, holder=None), "email_verify"),
        (happened(Registration.Created, **WISH, holder=PERSON), "address_in_use"),
        (happened(Account.EmailVerified, email_identity=STREAM), "registration_received"),
        (happened(Account.Approved, command="ApproveAccount", role=Role.ENGINEER), "account_approved"),
        (happened(Account.Rejected, reason="no"), "account_rejected"),
        (happened(Account.PasswordChanged, password_hash="-", kept_session=None), "password_changed"),
        (happened(Account.PasswordReset, password_hash="-"), "password_changed"),
        (happened(Mailbox.PasswordResetRequested, account=PERSON, ticket=TICKET), "password_reset"),
        (happened(Account.EmailChangeConfirmed, email="-", email_identity=STREAM), "email_changed"),
        (happened(SignInThrottle.AccountLocked, account=PERSON, locks=1, **LOCKED), "account_locked"),
        (happened(Session.Created, **STARTED, new_network=True), "new_login"),
        (happened(SecondFactor.Disabled, account=PERSON, by=PERSON, reason="lost"), "mfa_changed"),
    ],
)
def test_what_concerns_an_account_is_told_by_mail(event: Happened, purpose: str) -> None:
    (wanted,) = write_to_people(event)

    assert (wanted.kind, wanted.target) == ("tell_people", purpose)
    assert wanted.payload == {"stream": str(STREAM), "version": 9, "purpose": purpose}


@pytest.mark.parametrize(
    "event",
    [
        happened(Account.Approved, command="RegisterAccount", role=Role.ENGINEER),
        happened(Mailbox.PasswordResetRequested, account=None, ticket=TICKET),
        happened(SignInThrottle.AccountLocked, account=None, locks=1, **LOCKED),
        happened(SignInThrottle.AccountLocked, account=PERSON, locks=2, **LOCKED),
        happened(Session.Created, **STARTED, new_network=False),
        happened(Account.PasswordRehashed, password_hash="-"),
    ],
)
def test_what_is_nobodys_news_is_not(event: Happened) -> None:
    assert write_to_people(event) == ()
