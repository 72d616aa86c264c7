"""Which API clients somebody may know of: the others do not exist for them."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from countersign.aggregates.api_client import ApiClient
from countersign.aggregates.permissions import permitted
from countersign.commands.permit import NotPermitted
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.store import NotFound
from countersign.http.tokens import Claims

_VIEW: Final = "ViewApiClient"


def visible_client(aggregates: Aggregates, claims: Claims, client_id: UUID) -> ApiClient:
    """The client as it is now; each client may see itself.

    Raises:
        NotFound: there is none, or none that the caller may see: it is not said which.
    """
    client = aggregates.find(ApiClient, client_id)
    if client is None or not (claims.account == client_id or _may_see(claims, client.creator)):
        raise NotFound(f"there is no API client with the id {client_id}")
    return client


def whose_clients(claims: Claims) -> UUID | None:
    """The creator to whose clients a list is narrowed down for the caller; None for all of them.

    Raises:
        NotPermitted: the caller sees no API clients.
    """
    if permitted(claims.role, _VIEW, scopes=claims.scopes):
        return None
    if not _may_see(claims, claims.owner):
        raise NotPermitted(f"your role ({claims.role}) or scopes do not allow {_VIEW}")
    return claims.owner


def _may_see(claims: Claims, creator: UUID) -> bool:
    return permitted(claims.role, _VIEW, own=claims.owner == creator, scopes=claims.scopes)
