"""Somebody takes up an authenticator, or moves to another one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.second_factor import SecondFactor, second_factor_id
from countersign.commands.options import Options
from countersign.commands.permit import permit, require_reauthentication
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginTotpEnrolment:
    account_id: UUID


def begin_totp_enrolment(
    command: BeginTotpEnrolment, store: Store, options: Options, draw: Callable[[], str]
) -> Receipt:
    """Draw a secret, which is in force once a code of it was shown; the one in force stays until then.

    Raises:
        ReauthenticationRequired: with every factor there is, so that a stolen session cannot replace one.
    """
    permit(store, "BeginTotpEnrolment", own=(command.account_id,))
    require_reauthentication(store, options.reauthentication_window_s)
    factor = store.find(SecondFactor, second_factor_id(command.account_id))
    if factor is None:
        factor = SecondFactor.open(store.now, command.account_id)
    factor.start_enrolment(store.now, draw())
    return store.save(factor)
