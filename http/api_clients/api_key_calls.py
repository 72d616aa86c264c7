"""Calls of programs: an API key in the Authorization header, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from hmac import compare_digest
from typing import Final, TypeVar
from uuid import UUID

from falcon import Request

from countersign.aggregates.account import Account
from countersign.aggregates.api_client import ApiClient, api_client_id
from countersign.aggregates.api_client_refusals import ClientNotInForce
from countersign.aggregates.root import Root
from countersign.commands.api_client.api_keys import BEGINNING, ApiKeys, PresentedKey, read_key
from countersign.eventstore.aggregates import Aggregates
from countersign.http.bearer import bearer_of
from countersign.http.edge.client_certificates import ClientCertificates
from countersign.http.problems import Refusal
from countersign.http.tokens import Claims

A = TypeVar("A", bound=Root)

_NOBODYS: Final = "0" * 64  # compared with, so that an unknown client takes as long as a known one


class ApiKeyCalls:
    """Finds the client by the beginning of its key; it is kept in the process and brought up to the log.

    A key that is not genuine is refused alike, whatever is wrong with it; who has a genuine one is told why
    its client is kept out.
    """

    def __init__(
        self,
        keys: ApiKeys,
        aggregates: Aggregates,
        clock: Callable[[], datetime],
        certificates: ClientCertificates,
    ) -> None:
        self._keys = keys
        self._aggregates = aggregates
        self._clock = clock
        self._certificates = certificates

    def authenticate(self, req: Request) -> Claims | None:
        """See `Authenticator`; what does not begin like a key is not for this one.

        Raises:
            Refusal: 401, it is no key of a client.
            ClientNotInForce: the client, or the account that created it, is kept out.
            ClientCertificateRefused: the client is bound to a certificate that did not come along.
        """
        bearer = bearer_of(req)
        if bearer is None or not bearer.startswith(BEGINNING):
            return None
        shown = read_key(bearer)
        if shown is None:
            raise _invalid()
        return self._claims(req, shown, self._clock())

    def _claims(self, req: Request, shown: PresentedKey, now: datetime) -> Claims:
        client_id = api_client_id(shown.prefix)
        current = self._caught_up(client_id)
        client = self._genuine(self._find(ApiClient, client_id, current), shown, now)
        client.require_in_force(now)
        if client.certificate:
            self._require_certificate(req, client)
        creator = self._find(Account, client.creator, current)
        if creator is None or not creator.is_active or creator.role is None:
            raise ClientNotInForce("who created this API client has no active account any more")
        return Claims(
            account=client.id,
            session=None,
            role=creator.role,
            expires_at=client.expires_at,
            token_id=client.id,
            method="api_key",
            scopes=frozenset(client.scopes),
            on_behalf_of=creator.id,
        )

    def _require_certificate(self, req: Request, client: ApiClient) -> None:
        req.context.noted = {"api_client": str(client.id)}
        req.context.certificate = self._certificates.of(req)
        client.require_certificate(req.context.certificate)

    def _genuine(self, client: ApiClient | None, shown: PresentedKey, now: datetime) -> ApiClient:
        key_hash = self._keys.hash_of(shown.secret)
        if client is None:
            compare_digest(_NOBODYS, key_hash)
        if client is None or not client.accepts(key_hash, now):
            raise _invalid()
        return client

    def _caught_up(self, client_id: UUID) -> Collection[UUID]:
        """Client and creator in one round trip, once this process knows them."""
        kept = self._aggregates.kept(ApiClient, client_id)
        return () if kept is None else self._aggregates.catch_up({client_id, kept.creator})

    def _find(self, cls: type[A], stream: UUID, current: Collection[UUID]) -> A | None:
        kept = self._aggregates.kept(cls, stream) if stream in current else None
        return kept or self._aggregates.find(cls, stream)


def _invalid() -> Refusal:
    return Refusal(
        401,
        "invalid_api_key",
        "this is not the key of an API client, or not one that is still good",
        headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
    )
