"""The first question of every command: may this actor do this, here and now?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.api_client import ApiClient
from countersign.aggregates.authority.system import BY_THE_SYSTEM
from countersign.aggregates.permissions import WHILE_ENROLLING, WITH_A_FIRST_PASSWORD, permitted
from countersign.aggregates.role import Role
from countersign.aggregates.root import DomainError, Root
from countersign.aggregates.session import Session, SessionEnded
from countersign.commands.session.standing import require_standing
from countersign.eventstore.context import SYSTEM
from countersign.eventstore.store import Store


class NotPermitted(DomainError):
    """The actor's role, or their relation to the thing, does not allow it."""

    code = "not_permitted"
    status = 403


class ReauthenticationRequired(DomainError):
    """Signing, and what a thief of a session would like to do, needs a fresh proof of identity."""

    code = "reauth_required"
    status = 403


@dataclass(frozen=True, slots=True)
class Reauthentication:
    """The proof of identity that a signature rests on."""

    at: datetime
    factors: tuple[str, ...]


def permit(store: Store, action: str, *, own: Collection[UUID] = (), assigned: Collection[UUID] = ()) -> None:
    """Refuse unless the table of permissions lets the actor do this.

    `own` are the accounts that own the thing, `assigned` those that were asked to decide on it. An API client
    may do what its creator may, as far as its scopes go.

    Raises:
        NotPermitted: by the actor's role, scopes, or relation to the thing.
        SessionEnded: the session of this call is over.
        SecondFactorEnrolmentRequired: it is good for nothing but the enrolment of a second factor.
        PasswordChangeRequired: the person's password was chosen by somebody else.
        ClientNotInForce: the API client of this call is kept out.
        ClientCertificateRefused: it is bound to a certificate that this call did not come with.
    """
    if store.context.actor == SYSTEM:
        if action not in BY_THE_SYSTEM:
            raise NotPermitted(f"the system itself does not give the command {action}")
        return
    client = acting_client(store)
    account = acting_account(store) if client is None else _creator(client, store)
    if client is None and action not in WITH_A_FIRST_PASSWORD:
        account.require_own_password()
    if client is None and store.context.session is not None and action not in WHILE_ENROLLING:
        acting_session(store).require_full()
    scopes = None if client is None else client.scopes
    related = {"own": account.id in own, "assigned": account.id in assigned}
    if account.role is None or not permitted(account.role, action, scopes=scopes, **related):
        raise NotPermitted(_refusal(action, account.role, scopes))


def acting_account(store: Store) -> Account:
    """The account of the person behind this call, held as a guard until the append.

    Raises:
        NotPermitted: there is no such account, it is not active, or an API client calls.
        SessionEnded: the session of this call is over.
    """
    account = _actor(store)
    if not isinstance(account, Account) or not account.is_active:
        raise NotPermitted("there is no active account behind this call")
    if store.context.session is not None:
        acting_session(store)
    return account


def acting_client(store: Store) -> ApiClient | None:
    """The API client that calls, held as a guard until the append; None when a person calls.

    Raises:
        ClientNotInForce: it is suspended, revoked or has expired.
        ClientCertificateRefused: the call did not come with its certificate.
    """
    client = _actor(store)
    if not isinstance(client, ApiClient):
        return None
    client.require_in_force(store.now)
    client.require_certificate(store.context.certificate)
    return client


def responsible_account(store: Store) -> UUID:
    """Who owns what this call makes, and answers for it: the person, or the creator of the API client.

    So an API client cannot write a report that its creator may then approve.
    """
    client = acting_client(store)
    return store.context.actor if client is None else client.creator


def acting_role(store: Store) -> Role | None:
    """The role in which this call is made: of the person, or of the creator of the API client."""
    client = acting_client(store)
    return acting_account(store).role if client is None else _creator(client, store).role


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
    """Refuse unless the person has proved in this session, within the window, who they are.

    Raises:
        ReauthenticationRequired: not yet, or too long ago. Logging in does not count.
        SessionEnded: the session of this call is over.
    """
    session = acting_session(store)
    proved_at = session.reauthenticated_at
    if proved_at is None or store.now - proved_at > timedelta(seconds=window_s):
        raise ReauthenticationRequired("this needs your password again: reauthenticate, then repeat")
    return Reauthentication(proved_at, session.reauthentication_factors)


def _actor(store: Store) -> Root | None:
    # Whatever it is: the id of a call's actor does not tell an account from an API client.
    return store.guard_or_none(Root, store.context.actor)


def _creator(client: ApiClient, store: Store) -> Account:
    account = store.guard_or_none(Account, client.creator)
    if account is None or not account.is_active:
        raise NotPermitted("who created this API client has no active account any more")
    return account


def _refusal(action: str, role: Role | None, scopes: Collection[str] | None) -> str:
    if scopes is None:
        return f"your role ({role}) does not allow {action} here"
    held = ", ".join(scopes)
    return f"the scopes of this API client ({held}) or its creator's role ({role}) do not allow {action}"
