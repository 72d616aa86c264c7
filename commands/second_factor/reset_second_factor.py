"""An administrator helps somebody who has lost authenticator and backup codes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.account_refusals import OwnAccount, reasoned
from countersign.commands.options import Options
from countersign.commands.permit import permit, require_reauthentication
from countersign.commands.second_factor.enabled_factor import enabled_factor
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetSecondFactor:
    account_id: UUID
    reason: str


def reset_second_factor(command: ResetSecondFactor, store: Store, options: Options) -> Receipt:
    """Take the second factor away, and end all sessions; where the role asks for one, the person enrols anew.

    Raises:
        OwnAccount: one's own is disabled, not reset.
        ReasonRequired: it says nothing.
        SecondFactorNotEnabled: there is none.
        ReauthenticationRequired: of the administrator, not yet, or too long ago.
    """
    permit(store, "ResetSecondFactor")
    if command.account_id == store.context.actor:
        raise OwnAccount("this is for the second factor of others")
    require_reauthentication(store, options.reauthentication_window_s)
    reason = reasoned(command.reason)
    account = store.load(Account, command.account_id)
    factor = enabled_factor(store, account.id)
    factor.disable(store.now, store.context.actor, reason)
    account.end_sessions(store.now)
    return store.save(factor, account)
