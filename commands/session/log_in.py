"""Somebody signs in with address and password."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.email_address import InvalidEmail, email_address
from countersign.aggregates.email_identity import EmailIdentity
from countersign.aggregates.root import DomainError
from countersign.aggregates.session import Session
from countersign.commands.options import Options
from countersign.commands.password_hashes import PasswordHashes
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


class BadCredentials(DomainError):
    """Address and password do not belong together, or their owner may not sign in: it is not said which."""

    code = "bad_credentials"
    status = 401


@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    session_id: UUID
    email: str
    password: str = field(repr=False)


def log_in(command: LogIn, store: Store, options: Options, passwords: PasswordHashes) -> Receipt:
    """Start a session; whoever proves who they are may, so no permission is asked for.

    Raises:
        BadCredentials: for every reason alike, and after the same work.
    """
    account = _account_of(command.email, store)
    known = passwords.verify(account.password_hash if account else None, command.password)
    if account is None or not known:
        raise BadCredentials("the e-mail address or the password is wrong")
    store.identify(account.id)
    session = Session.start(
        command.session_id,
        store.now,
        account.id,
        ("password",),
        idle_s=options.session_idle_s,
        absolute_s=options.session_absolute_s,
        generation=account.session_generation,
    )
    return store.save(session)


def _account_of(email: str, store: Store) -> Account | None:
    try:
        canonical = email_address(email).canonical
    except InvalidEmail:
        return None
    identity = store.guard_or_none(EmailIdentity, store.private_id("email", canonical))
    account = store.guard_or_none(Account, identity.holder) if identity and identity.holder else None
    return account if account and account.is_active else None
