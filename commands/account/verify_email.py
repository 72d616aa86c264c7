"""A stranger shows that the address is theirs."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.one_time_ticket import invalid_one_time_token
from countersign.aggregates.registration import Registration
from countersign.aggregates.root import DomainError
from countersign.commands.account.enrolment import claim_address
from countersign.commands.account.one_time_tokens import stream_of, token_hash
from countersign.commands.password_hashes import PasswordHashes
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


class NotYourRegistration(DomainError):
    """Whoever read the mail does not know the password that was chosen at registration."""

    code = "not_your_registration"
    status = 401


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyEmail:
    account_id: UUID
    token: str = field(repr=False)
    password: str = field(repr=False)


def verify_email(command: VerifyEmail, store: Store, passwords: PasswordHashes) -> Receipt:
    """Make an account that waits for an administrator, and claim its address.

    The password is asked for as well: otherwise somebody could register a stranger's address under a password
    of their own, and have the stranger confirm it.

    Raises:
        InvalidOneTimeToken: the code confirms nothing, was used, or has run out.
        NotYourRegistration: it is not the password of that registration.
        EmailTaken: another registration of the address was confirmed first.
    """
    registration = store.find(Registration, stream_of(command.token))
    if registration is None:
        raise invalid_one_time_token()
    registration.require_open(store.now, token_hash(command.token))
    if not passwords.verify(registration.password_hash, command.password):
        raise NotYourRegistration("it is not the password that was chosen at registration")
    store.identify(command.account_id)
    identity = claim_address(registration.email_identity, command.account_id, store)
    registration.confirm(store.now, command.account_id)
    return store.save(_account(command.account_id, registration, store), identity, registration)


def _account(account_id: UUID, registration: Registration, store: Store) -> Account:
    account = Account.register(
        account_id,
        store.now,
        name=str(registration.name),
        email=str(registration.email),
        email_identity=registration.email_identity,
        password_hash=str(registration.password_hash),
        requested_role=registration.requested_role,
    )
    account.verify_email(store.now)
    return account
