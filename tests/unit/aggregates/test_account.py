"""A person's account: of no use until it is approved, and approved once."""

from __future__ import annotations

from copy import copy
from datetime import UTC, datetime
from uuid import UUID

import pytest

from countersign.aggregates.account import Account, AccountStatus
from countersign.aggregates.account_refusals import AlreadyApproved
from countersign.aggregates.email_identity import EmailIdentity
from countersign.aggregates.role import Role

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ANNA, IDENTITY = UUID(int=1), UUID(int=2)


def registered() -> Account:
    return Account.register(
        ANNA,
        NOW,
        name="Anna Berg",
        email="anna@example.com",
        email_identity=IDENTITY,
        password_hash="$argon2id$...",
        requested_role=Role.ENGINEER,
    )


def test_a_registered_account_waits_for_approval_without_a_role() -> None:
    account = registered()

    assert account.status is AccountStatus.PENDING
    assert account.role is None
    assert not account.is_active


def test_registering_records_what_the_person_told() -> None:
    account = registered()

    (event,) = account.collect_events()
    assert isinstance(event, Account.Created)
    assert (event.name, event.email, event.email_identity) == ("Anna Berg", "anna@example.com", IDENTITY)
    assert (event.requested_role, event.timestamp) == (Role.ENGINEER, NOW)


def test_approval_gives_the_role_that_was_decided_on_not_the_one_asked_for() -> None:
    account = registered()

    account.approve(NOW, Role.TECHNICAL_MANAGER)

    assert account.is_active
    assert account.role is Role.TECHNICAL_MANAGER
    assert account.requested_role is Role.ENGINEER


def test_an_approved_account_cannot_be_approved_again() -> None:
    account = registered()
    account.approve(NOW, Role.ENGINEER)
    account.collect_events()

    with pytest.raises(AlreadyApproved):
        account.approve(NOW, Role.ADMINISTRATOR)

    assert account.role is Role.ENGINEER
    assert not account.pending_events


def test_a_copy_taken_before_a_change_stays_as_it_was() -> None:
    account = registered()
    before = copy(account)

    account.approve(NOW, Role.ENGINEER)

    assert before.role is None


def test_an_address_is_claimed_for_one_account() -> None:
    identity = EmailIdentity.claim(IDENTITY, NOW, ANNA)

    assert (identity.id, identity.account) == (IDENTITY, ANNA)
    (event,) = identity.collect_events()
    assert isinstance(event, EmailIdentity.Created)
