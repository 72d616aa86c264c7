"""Somebody signs in with address and password, and with a code where they have a second factor."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.email_address import InvalidEmail, email_address
from countersign.aggregates.session import Session
from countersign.commands.account.even_lookup import account_at
from countersign.commands.options import Options
from countersign.commands.password_checks import PasswordChecks
from countersign.commands.second_factor.proof import FactorProof, prove_factor
from countersign.commands.session.attempt import Attempt, Failed
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    session_id: UUID
    email: str
    password: str = field(repr=False)
    code: str | None = field(default=None, repr=False)


def log_in(command: LogIn, store: Store, options: Options, passwords: PasswordChecks) -> Receipt:
    """Start a session, or count a failed try; whoever proves who they are may, so no permission is asked for.

    A failed try is accepted, since it is recorded: `require_success` refuses then. It costs the same reads
    and the same hash whether the address has an account or not.

    Raises:
        SignInDelayed: too many tries failed.
        SecondFactorRequired: the password is right, and a code is missing.
    """
    identity = _identity(command.email, store)
    attempt = Attempt(store, identity, options.sign_in)
    attempt.require_open()
    store.identify(attempt.network)
    account = account_at(identity, store)
    account = account if account and account.is_active else None
    kept = account.password_hash if account else None
    known = passwords.verify(store.context.command_key, kept, command.password)
    if account is None or not known:
        return attempt.failed(Failed.PASSWORD, account.id if account else None)
    proof = prove_factor(store, account.id, command.code, options)
    if proof is None:
        return attempt.failed(Failed.CODE, account.id)
    if (renewed := passwords.renewed(account.password_hash, command.password)) is not None:
        account.rehash_password(store.now, renewed)
    return _start(command.session_id, store, account, attempt, proof, options)


def _start(
    session_id: UUID, store: Store, account: Account, attempt: Attempt, proof: FactorProof, options: Options
) -> Receipt:
    store.identify(account.id)
    must_enrol = not proof.factors and account.role in options.sign_in.totp_required_roles
    session = Session.start(
        session_id,
        store.now,
        account.id,
        ("password", *proof.factors),
        idle_s=options.session_idle_s,
        absolute_s=options.session_absolute_s,
        generation=account.session_generation,
        entry=attempt.entry(enrolment_only=must_enrol),
    )
    rehashed = (account,) if account.pending_events else ()
    return store.save(*proof.changed, *attempt.succeeded(account.id), *rehashed, session)


def _identity(email: str, store: Store) -> UUID:
    try:
        return store.private_id("email", email_address(email).canonical)
    except InvalidEmail:
        return store.private_id("email", email)
