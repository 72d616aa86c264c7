"""What makes somebody a member, however they come in: an active account, its address and its role."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.email_address import email_address
from countersign.aggregates.email_identity import EmailIdentity
from countersign.aggregates.role import Role
from countersign.aggregates.root import DomainError
from countersign.aggregates.roster import Roster
from countersign.commands.password_hashes import PasswordHashes
from countersign.commands.password_rules import PasswordRules
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store

_MAX_NAME: Final = 200
_JOINERS: Final = {0x200C: None, 0x200D: None}  # invisible, and part of Persian and Indic names


class InvalidName(DomainError):
    """A name is printed under signatures: it has to be there, and printable."""

    code = "invalid_name"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """What somebody tells about themselves."""

    account_id: UUID
    name: str
    email: str
    password: str = field(repr=False)
    role: Role
    first_password: bool = False


def enrol(
    newcomer: Newcomer, store: Store, roster: Roster, passwords: PasswordHashes, rules: PasswordRules
) -> Receipt:
    """Register and approve the account, claim its address and enter its role, in one append.

    Raises:
        InvalidName, InvalidEmail, WeakPassword: with pointers to what is wrong.
        EmailTaken: by another account.
    """
    name, address = accepted_name(newcomer.name), email_address(newcomer.email)
    rules.require_strong(newcomer.password, name, address.written)
    identity_id = store.private_id("email", address.canonical)
    identity = claim_address(identity_id, newcomer.account_id, store)
    account = Account.register(
        newcomer.account_id,
        store.now,
        name=name,
        email=address.written,
        email_identity=identity_id,
        password_hash=passwords.make(newcomer.password),
        requested_role=newcomer.role,
        first_password=newcomer.first_password,
    )
    account.approve(store.now, newcomer.role)
    roster.grant(store.now, newcomer.account_id, newcomer.role)
    return store.save(account, identity, roster)


def claim_address(identity_id: UUID, account: UUID, store: Store) -> EmailIdentity:
    """The address, now that account's; it is to be saved with what else was decided.

    Raises:
        EmailTaken: by another account.
    """
    identity = store.find(EmailIdentity, identity_id)
    if identity is None:
        return EmailIdentity.claim(identity_id, store.now, account)
    identity.claim_again(store.now, account)
    return identity


def accepted_name(text: str) -> str:
    """A person's name as it is kept.

    Raises:
        InvalidName: it cannot be printed under a signature.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name or len(name) > _MAX_NAME or not name.translate(_JOINERS).isprintable():
        reason = f"a name has 1 to {_MAX_NAME} printable characters"
        raise InvalidName("this name cannot be used", (("/name", reason),))
    return name
