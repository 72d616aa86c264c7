"""A stranger wants to get in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from countersign.aggregates.email_address import email_address
from countersign.aggregates.registration import Registration, Stranger
from countersign.aggregates.role import Role
from countersign.aggregates.root import DomainError
from countersign.commands.account.enrolment import accepted_name
from countersign.commands.account.even_lookup import holder_of
from countersign.commands.account.mailboxes import mailbox_of
from countersign.commands.account.one_time_tokens import OneTimeTokens, TokenPurpose
from countersign.commands.options import AccountRules
from countersign.commands.password_hashes import PasswordHashes
from countersign.commands.password_rules import PasswordRules
from countersign.eventstore.context import ANONYMOUS
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


class SelfRegistrationOff(DomainError):
    """Here only an administrator lets anybody in."""

    code = "self_registration_off"
    status = 403


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    registration_id: UUID
    name: str
    email: str
    password: str = field(repr=False)
    requested_role: Role


def sign_up(
    command: SignUp,
    store: Store,
    rules: AccountRules,
    passwords: PasswordHashes,
    password_rules: PasswordRules,
    tokens: OneTimeTokens,
) -> Receipt:
    """Note the wish; a mail to the address goes on with it, or tells its owner that they have an account.

    The same is done, and the same is answered, whether the address is known or not. After a few wishes for
    one address within an hour nothing is noted any more.

    Raises:
        SelfRegistrationOff: by configuration.
        InvalidName, InvalidEmail, WeakPassword: with pointers to what is wrong.
    """
    if not rules.self_registration:
        raise SelfRegistrationOff("ask an administrator for an account")
    name, address = accepted_name(command.name), email_address(command.email)
    password_rules.require_strong(command.password, name, address.written)
    hashed = passwords.make(command.password)
    store.identify(ANONYMOUS)
    mailbox = mailbox_of(address, store)
    if not mailbox.may_be_asked(TokenPurpose.REGISTRATION, store.now, rules.letters_per_hour):
        return store.save()
    mailbox.seek_letter(store.now, TokenPurpose.REGISTRATION)
    expires_at = store.now + timedelta(seconds=rules.registration_lifetime_s)
    stranger = Stranger(
        name=name,
        email=address.written,
        email_identity=store.private_id("email", address.canonical),
        password_hash=hashed,
        requested_role=command.requested_role,
    )
    ticket = tokens.ticket(TokenPurpose.REGISTRATION, command.registration_id, expires_at)
    holder = holder_of(stranger.email_identity, store)
    registration = Registration.request(command.registration_id, store.now, stranger, ticket, holder)
    return store.save(mailbox, registration)
