"""Somebody shows that their authenticator has the secret."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from countersign.aggregates.second_factor import NoEnrolment, SecondFactor, second_factor_id
from countersign.commands.options import Options
from countersign.commands.permit import acting_account, acting_session, permit
from countersign.commands.second_factor.backup_codes import BACKUP_CODES
from countersign.commands.second_factor.proof import TOTP
from countersign.commands.second_factor.totp import is_totp, step_of
from countersign.commands.session.attempt import Attempt, Failed
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmTotp:
    account_id: UUID
    code: str = field(repr=False)


def confirm_totp(command: ConfirmTotp, store: Store, options: Options, draw: Callable[[], str]) -> Receipt:
    """Put the offered secret in force, with ten backup codes; a wrong code is counted as in a log-in.

    Raises:
        NoEnrolment: no secret was offered.
        SignInDelayed: too many tries failed.
    """
    permit(store, "ConfirmTotp", own=(command.account_id,))
    account, session = acting_account(store), acting_session(store)
    factor = store.find(SecondFactor, second_factor_id(account.id))
    secret = None if factor is None else factor.pending_secret
    if factor is None or not isinstance(secret, str):
        raise NoEnrolment("begin with a new secret, then confirm it with a code")
    attempt = Attempt(store, account.email_identity, options.sign_in)
    attempt.require_open()
    step = step_of(secret, command.code, store.now) if is_totp(command.code) else None
    if step is None:
        return attempt.failed(Failed.CODE, account.id)
    factor.enable(store.now, step, draw(), BACKUP_CODES)
    if TOTP not in session.factors:
        session.prove_factor(store.now, TOTP)
    return store.save(factor, session)
