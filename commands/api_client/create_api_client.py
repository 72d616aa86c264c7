"""A manager or an administrator lets a program in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from countersign.aggregates.api_client import ApiClient, api_client_id
from countersign.aggregates.api_client_terms import agreed_terms
from countersign.aggregates.root import DomainError
from countersign.commands.api_client.api_keys import ApiKeys
from countersign.commands.api_client.granting import require_grantable
from countersign.commands.options import Options
from countersign.commands.permit import permit, responsible_account
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


class PrefixTaken(DomainError):
    """By chance another client's keys begin in the same way."""

    code = "prefix_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateApiClient:
    prefix: str
    name: str
    scopes: tuple[str, ...]
    rate_limit: int
    expires_at: datetime


def create_api_client(command: CreateApiClient, store: Store, options: Options, keys: ApiKeys) -> Receipt:
    """Make its first key, of which a digest is recorded.

    Raises:
        InvalidTerms: with pointers.
        ScopeNotGrantable: who creates it may not do that themselves.
        PrefixTaken: send it again under another key.
    """
    permit(store, "CreateApiClient")
    creator = responsible_account(store)
    terms = agreed_terms(
        store.now,
        name=command.name,
        scopes=command.scopes,
        rate_limit=command.rate_limit,
        expires_at=command.expires_at,
        longest=options.api_client_longest,
    )
    require_grantable(store, creator, terms.scopes)
    if store.find(ApiClient, api_client_id(command.prefix)) is not None:
        raise PrefixTaken("send it again under another Idempotency-Key")
    key_hash = keys.hash_of_key(command.prefix, 1)
    client = ApiClient.create(
        store.now, prefix=command.prefix, creator=creator, key_hash=key_hash, terms=terms
    )
    return store.save(client)
