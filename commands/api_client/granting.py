"""What a new key may be allowed: nothing that its creator, or the key that asks for it, may not do."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.api_client import ApiClient
from countersign.aggregates.permissions import grantable
from countersign.aggregates.root import DomainError
from countersign.commands.permit import acting_client
from countersign.eventstore.store import Store


class ScopeNotGrantable(DomainError):
    """Nobody gives away what they may not do themselves."""

    code = "scope_not_grantable"
    status = 403


def require_grantable(store: Store, creator: UUID, scopes: Collection[str]) -> None:
    """Refuse scopes beyond the rights of the creator, and those that the calling key does not have itself.

    Raises:
        ScopeNotGrantable: naming the scopes.
    """
    account = store.guard(Account, creator)
    within = grantable(account.role) if account.role else frozenset()
    caller = acting_client(store)
    if caller is not None:
        within &= frozenset(caller.scopes)
    if beyond := sorted(set(scopes) - within):
        fault = f"{', '.join(beyond)} is beyond the rights of who creates or asks"
        raise ScopeNotGrantable("these scopes cannot be given", (("/scopes", fault),))


def require_no_more_than_caller(store: Store, client: ApiClient) -> None:
    """Refuse a key that would lay hands on a client that may do more than itself.

    Raises:
        ScopeNotGrantable: naming the scopes.
    """
    caller = acting_client(store)
    if caller is not None and (beyond := sorted(set(client.scopes) - set(caller.scopes))):
        raise ScopeNotGrantable(f"that client may do more than this one: {', '.join(beyond)}")
