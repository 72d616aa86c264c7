"""What people who have not signed in ask for, and the codes that they find in their mail."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from countersign.aggregates.account import Account
from countersign.aggregates.mailbox import Mailbox
from countersign.aggregates.registration import Registration
from countersign.aggregates.role import Role
from countersign.commands.account.one_time_tokens import OneTimeTokens, TokenPurpose
from countersign.commands.account.request_password_reset import RequestPasswordReset
from countersign.commands.account.sign_up import SignUp
from countersign.commands.account.verify_email import VerifyEmail
from countersign.eventstore.context import ANONYMOUS
from tests.unit.commands.people.service import PASSWORD, Service

TOKENS = OneTimeTokens(b"o" * 32)
PURPOSES: dict[type[Any], TokenPurpose] = {
    Registration.Created: TokenPurpose.REGISTRATION,
    Account.EmailChangeRequested: TokenPurpose.EMAIL_CHANGE,
    Mailbox.PasswordResetRequested: TokenPurpose.PASSWORD_RESET,
}


def sign_up(email: str = "sara@example.com", password: str = PASSWORD, **changes: Any) -> SignUp:
    """A stranger's wish."""
    told = {"name": "Sara Stranger", "requested_role": Role.ENGINEER} | changes
    return SignUp(registration_id=uuid4(), email=email, password=password, **told)


def codes(service: Service, event_class: type[Any]) -> list[str]:
    """The codes that were sent because of events of a class, in order."""
    found = [each for each in service.happened() if type(each.event) is event_class]
    events: list[Any] = [each.event for each in found]
    return [TOKENS.make(PURPOSES[event_class], event.originator_id, event.ticket.nonce) for event in events]


def verified(service: Service, email: str = "sara@example.com") -> UUID:
    """An account that waits for an administrator."""
    service.give(sign_up(email), ANONYMOUS)
    account = uuid4()
    token = codes(service, Registration.Created)[-1]
    service.give(VerifyEmail(account_id=account, token=token, password=PASSWORD), ANONYMOUS)
    return account


def reset_code(service: Service, email: str) -> str:
    """The code that comes when somebody has lost a password."""
    service.give(RequestPasswordReset(email=email), ANONYMOUS)
    return codes(service, Mailbox.PasswordResetRequested)[-1]
