"""Somebody who signs in, and their session."""

from __future__ import annotations

from uuid import UUID, uuid4

from countersign.aggregates.account import Account
from countersign.aggregates.email_identity import EmailIdentity
from countersign.aggregates.role import Role
from countersign.commands.password_hashes import PasswordHashes
from countersign.commands.session.refresh_session import RefreshSession
from countersign.commands.session.signed_in import SignedIn, signed_in
from countersign.eventstore.context import ANONYMOUS, Context
from countersign.eventstore.store import Store
from tests.unit.commands.people.service import PASSWORD, Service

ENGINEER = "engineer@example.com"


def refresh(service: Service, session: UUID, token: str) -> SignedIn:
    service.give(RefreshSession(session_id=session, refresh_token=token), ANONYMOUS)
    return signed_in(service.shared.aggregates, session, service.now)


def registered_but_not_approved(service: Service, administrator: UUID) -> str:
    """An account as self-registration will make it: nothing makes one yet, so its events are appended."""
    context = Context(actor=administrator, command_key="pending", correlation="test")
    store = Store(service.shared, context, "SelfRegister", b"", service.now)
    identity = store.private_id("email", "pending@example.com")
    account = Account.register(
        uuid4(),
        service.now,
        name="Pat Pending",
        email="pending@example.com",
        email_identity=identity,
        password_hash=PasswordHashes(memory_kib=8, passes=1).make(PASSWORD),
        requested_role=Role.ENGINEER,
    )
    store.save(account, EmailIdentity.claim(identity, service.now, account.id))
    return "pending@example.com"
