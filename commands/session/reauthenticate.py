"""A signed-in person proves again who they are, in order to sign."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from countersign.aggregates.session import Session
from countersign.commands.options import Options
from countersign.commands.password_checks import PasswordChecks
from countersign.commands.permit import acting_account, permit
from countersign.commands.second_factor.proof import prove_factor
from countersign.commands.session.attempt import Attempt, Failed
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Reauthenticate:
    session_id: UUID
    password: str = field(repr=False)
    code: str | None = field(default=None, repr=False)


def reauthenticate(
    command: Reauthenticate, store: Store, options: Options, passwords: PasswordChecks
) -> Receipt:
    """Note the proof in the session: for some minutes it may sign. A failed try is recorded as in a log-in.

    Raises:
        SignInDelayed: too many tries failed.
        SecondFactorRequired: the password is right, and a code is missing.
    """
    session = store.load(Session, command.session_id)
    permit(store, "Reauthenticate", own=(session.account,))
    account = acting_account(store)
    attempt = Attempt(store, account.email_identity, options.sign_in)
    attempt.require_open()
    if not passwords.verify(store.context.command_key, account.password_hash, command.password):
        return attempt.failed(Failed.PASSWORD, account.id)
    proof = prove_factor(store, account.id, command.code, options)
    if proof is None:
        return attempt.failed(Failed.CODE, account.id)
    session.reauthenticate(store.now, ("password", *proof.factors))
    return store.save(*proof.changed, *attempt.succeeded(account.id), session)
