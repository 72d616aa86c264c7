"""Somebody ends all other sessions of theirs, or an administrator all of somebody's."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.commands.permit import permit, require_reauthentication
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSessions:
    account_id: UUID


def end_sessions(command: EndSessions, store: Store, window_s: int) -> Receipt:
    """End every session of an account at once; one's own go on with the session of this call.

    Raises:
        ReauthenticationRequired: one's own need a proof of identity at most `window_s` seconds old.
    """
    permit(store, "EndSessions", own=(command.account_id,))
    account = store.load(Account, command.account_id)
    own = command.account_id == store.context.actor
    if own:
        require_reauthentication(store, window_s)
    account.end_sessions(store.now, store.context.session if own else None)
    return store.save(account)
