"""Somebody signs out, or an administrator ends a session."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.session import Session
from countersign.commands.permit import permit, require_reauthentication
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeSession:
    session_id: UUID


def revoke_session(command: RevokeSession, store: Store, window_s: int) -> Receipt:
    """End a session: no command is accepted under it any more.

    Raises:
        ReauthenticationRequired: ending another session of one's own needs a proof of identity at most
            `window_s` seconds old, so that a thief cannot throw out whom they stole from.
    """
    session = store.load(Session, command.session_id)
    permit(store, "RevokeSession", own=(session.account,))
    own = session.account == store.context.actor
    if own and session.id != store.context.session:
        require_reauthentication(store, window_s)
    session.revoke(store.now, "signed_out" if own else "ended_by_administrator")
    return store.save(session)
