"""Somebody who is signed in with a browser is still there."""

from __future__ import annotations

from dataclasses import dataclass

from countersign.commands.options import Options
from countersign.commands.permit import acting_session
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinueSession:
    pass


def continue_session(_command: ContinueSession, store: Store, options: Options) -> Receipt:
    """Let the idle period of this call's session begin anew, at a bounded rate however often this comes.

    Raises:
        SessionEnded: there is nothing left to go on with.
    """
    session = acting_session(store)
    session.carry_on(store.now, options.session_seen_every_s)
    return store.save(session)
