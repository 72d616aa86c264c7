"""The first question of every command: may this actor do this, here and now?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.permissions import BY_THE_SYSTEM, permitted
from countersign.aggregates.root import DomainError
from countersign.aggregates.session import Session, SessionEnded
from countersign.commands.session.standing import require_standing
from countersign.eventstore.context import SYSTEM
from countersign.eventstore.store import Store


class NotPermitted(DomainError):
    """The actor's role, or their relation to the thing, does not allow it."""

    code = "not_permitted"
    status = 403


class ReauthenticationRequired(DomainError):
    """A signature needs proof of identity that is at most a few minutes old."""

    code = "reauth_required"
    status = 403


@dataclass(frozen=True, slots=True)
class Reauthentication:
    """The proof of identity that a signature rests on."""

    at: datetime
    factors: tuple[str, ...]


def permit(store: Store, action: str, *, own: Collection[UUID] = (), assigned: Collection[UUID] = ()) -> None:
    """Refuse unless the table of permissions lets the actor do this.

    `own` are the accounts that own the thing, `assigned` those that were asked to decide on it.

    Raises:
        NotPermitted: by the actor's role, or by their relation to the thing.
        SessionEnded: the session of this call is over.
    """
    actor = store.context.actor
    if actor == SYSTEM:
        if action not in BY_THE_SYSTEM:
            raise NotPermitted(f"the system itself does not give the command {action}")
        return
    account = acting_account(store)
    if account.role is None or not permitted(
        account.role, action, own=actor in own, assigned=actor in assigned
    ):
        raise NotPermitted(f"your role ({account.role}) does not allow {action} here")


def acting_account(store: Store) -> Account:
    """The account of the person behind this call, held as a guard until the append.

    Raises:
        NotPermitted: there is no such account, or it is not active.
        SessionEnded: the session of this call is over.
    """
    account = store.guard_or_none(Account, store.context.actor)
    if account is None or not account.is_active:
        raise NotPermitted("there is no active account behind this call")
    if store.context.session is not None:
        acting_session(store)
    return account


def acting_session(store: Store) -> Session:
    """The session of this call, held as a guard until the append.

    Raises:
        SessionEnded: there is none, it is somebody else's, or it is over.
    """
    session_id = store.context.session
    session = None if session_id is None else store.guard_or_none(Session, session_id)
    if session is None or session.account != store.context.actor:
        raise SessionEnded("there is no session behind this call: sign in again")
    session.require_live(store.now)
    require_standing(store.guard_or_none(Account, session.account), session)
    return session


def require_reauthentication(store: Store, window_s: int = 300) -> Reauthentication:
    """Refuse to sign unless the person has proved in this session, within the window, who they are.

    Raises:
        ReauthenticationRequired: not yet, or too long ago. Logging in does not count: signing asks again.
        SessionEnded: the session of this call is over.
    """
    session = acting_session(store)
    proved_at = session.reauthenticated_at
    if proved_at is None or store.now - proved_at > timedelta(seconds=window_s):
        raise ReauthenticationRequired("signing needs your password again: reauthenticate, then repeat")
    return Reauthentication(proved_at, session.reauthentication_factors)
