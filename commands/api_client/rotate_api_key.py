"""An API client gets its next key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from countersign.aggregates.api_client import ApiClient
from countersign.aggregates.api_client_terms import InvalidTerms
from countersign.commands.api_client.api_keys import ApiKeys
from countersign.commands.api_client.granting import require_no_more_than_caller
from countersign.commands.options import Options
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RotateApiKey:
    client_id: UUID
    overlap_s: int


def rotate_api_key(command: RotateApiKey, store: Store, options: Options, keys: ApiKeys) -> Receipt:
    """Make the next key; the present one stays good for `overlap_s` seconds, so that it can be exchanged.

    Raises:
        InvalidTerms: the overlap is too long.
        ScopeNotGrantable: a key asks that may do less than the client.
        ClientRevoked: it has no keys any more.
    """
    client = store.load(ApiClient, command.client_id)
    permit(store, "RotateApiKey", own=[client.creator])
    require_no_more_than_caller(store, client)
    if not 0 <= command.overlap_s <= options.api_key_overlap_max_s:
        fault = f"between 0 and {options.api_key_overlap_max_s} seconds"
        raise InvalidTerms("two keys are not good for so long", (("/overlap_s", fault),))
    key_hash = keys.hash_of_key(client.prefix, client.key_number + 1)
    client.rotate(store.now, key_hash, timedelta(seconds=command.overlap_s))
    return store.save(client)
