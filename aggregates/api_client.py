"""A program that may use the service: with a key of its own, for a while, within the rights of a person."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from countersign.aggregates.api_client_terms import Terms
from countersign.aggregates.root import DomainError, Root, derived_id


class ClientStatus(StrEnum):
    """A suspended client may be let in again; a revoked one never."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class ClientRevoked(DomainError):
    """What was revoked stays so: create another client."""

    code = "api_client_revoked"


class NotSuspended(DomainError):
    """Only a suspended client can be resumed."""

    code = "api_client_not_suspended"


class ClientNotInForce(DomainError):
    """The key is genuine, but its client is suspended, revoked or has expired."""

    code = "api_client_not_in_force"
    status = 401


def api_client_id(prefix: str) -> UUID:
    """The client whose keys begin so: found from the key alone, without a look-up."""
    return derived_id("api_client", prefix)


class ApiClient(Root):
    """It does what its creator may do, as far as its scopes go; the creator answers for it.

    Of its keys only keyed digests are known. After a rotation the key before is good until `retiring_until`.
    """

    TOPIC = "api_client"
    name: str
    creator: UUID
    prefix: str
    key_hash: str
    scopes: tuple[str, ...]
    rate_limit: int
    expires_at: datetime
    key_number: int = 1
    retiring_hash: str = ""
    retiring_until: datetime | None = None
    status: ClientStatus = ClientStatus.ACTIVE
    suspended_by: UUID | None = None
    warned_of: datetime | None = None

    class Created(Root.Created):
        TOPIC = "api_client.created"
        name: str
        creator: UUID
        prefix: str
        key_hash: str
        scopes: tuple[str, ...]
        rate_limit: int
        expires_at: datetime

    class KeyRotated(Root.Event):
        TOPIC = "api_client.key_rotated"
        key_number: int
        key_hash: str
        retiring_until: datetime

        def apply(self, client: ApiClient) -> None:
            client.retiring_hash, client.retiring_until = client.key_hash, self.retiring_until
            client.key_hash, client.key_number = self.key_hash, self.key_number

    class Changed(Root.Event):
        TOPIC = "api_client.changed"
        name: str
        scopes: tuple[str, ...]
        rate_limit: int
        expires_at: datetime

        def apply(self, client: ApiClient) -> None:
            client.name, client.scopes = self.name, self.scopes
            client.rate_limit, client.expires_at = self.rate_limit, self.expires_at

    class Suspended(Root.Event):
        TOPIC = "api_client.suspended"
        reason: str
        by: UUID

        def apply(self, client: ApiClient) -> None:
            client.status, client.suspended_by = ClientStatus.SUSPENDED, self.by

    class Resumed(Root.Event):
        TOPIC = "api_client.resumed"

        def apply(self, client: ApiClient) -> None:
            client.status, client.suspended_by = ClientStatus.ACTIVE, None

    class Revoked(Root.Event):
        TOPIC = "api_client.revoked"
        reason: str

        def apply(self, client: ApiClient) -> None:
            client.status = ClientStatus.REVOKED

    class Expiring(Root.Event):
        TOPIC = "api_client.expiring"
        expires_at: datetime

        def apply(self, client: ApiClient) -> None:
            client.warned_of = self.expires_at

    @classmethod
    def create(cls, at: datetime, *, prefix: str, creator: UUID, key_hash: str, terms: Terms) -> Self:
        """Let a program in under terms that its creator may give."""
        return cls._create(
            cls.Created,
            id=api_client_id(prefix),
            timestamp=at,
            name=terms.name,
            creator=creator,
            prefix=prefix,
            key_hash=key_hash,
            scopes=terms.scopes,
            rate_limit=terms.rate_limit,
            expires_at=terms.expires_at,
        )

    def rotate(self, at: datetime, key_hash: str, overlap: timedelta) -> None:
        """Give it its next key; the present one goes on for the overlap, one before that ends at once.

        Raises:
            ClientRevoked: it has no keys any more.
        """
        self._require_not_revoked()
        self.trigger_event(
            self.KeyRotated,
            timestamp=at,
            key_number=self.key_number + 1,
            key_hash=key_hash,
            retiring_until=at + overlap,
        )

    def change(self, at: datetime, terms: Terms) -> None:
        """Put it under other terms; the same terms change nothing.

        Raises:
            ClientRevoked: nothing about it matters any more.
        """
        self._require_not_revoked()
        if terms != self.terms:
            self.trigger_event(
                self.Changed,
                timestamp=at,
                name=terms.name,
                scopes=terms.scopes,
                rate_limit=terms.rate_limit,
                expires_at=terms.expires_at,
            )

    def suspend(self, at: datetime, by: UUID, reason: str) -> None:
        """Keep it out for now; suspending it twice changes nothing.

        Raises:
            ClientRevoked: it is out for good.
        """
        self._require_not_revoked()
        if self.status is ClientStatus.ACTIVE:
            self.trigger_event(self.Suspended, timestamp=at, reason=reason, by=by)

    def resume(self, at: datetime) -> None:
        """Let it in again.

        Raises:
            ClientRevoked: never.
            NotSuspended: it is not out.
        """
        self._require_not_revoked()
        if self.status is not ClientStatus.SUSPENDED:
            raise NotSuspended("this API client is not suspended")
        self.trigger_event(self.Resumed, timestamp=at)

    def revoke(self, at: datetime, reason: str) -> None:
        """Keep it out for good; revoking it twice changes nothing."""
        if self.status is not ClientStatus.REVOKED:
            self.trigger_event(self.Revoked, timestamp=at, reason=reason)

    def warn_of_expiry(self, at: datetime) -> None:
        """Note, once for each date, that its end is near."""
        in_force = self.status is not ClientStatus.REVOKED and at < self.expires_at
        if in_force and self.warned_of != self.expires_at:
            self.trigger_event(self.Expiring, timestamp=at, expires_at=self.expires_at)

    @property
    def terms(self) -> Terms:
        """What it may do, how often and how long."""
        return Terms(
            name=self.name, scopes=self.scopes, rate_limit=self.rate_limit, expires_at=self.expires_at
        )

    def accepts(self, key_hash: str, at: datetime) -> bool:
        """Whether this is the digest of one of its keys that are good now; as slow for a wrong one."""
        is_present = hmac.compare_digest(self.key_hash, key_hash)
        is_before = hmac.compare_digest(self.retiring_hash, key_hash)
        return is_present or (is_before and self.retiring_until is not None and at < self.retiring_until)

    def require_in_force(self, at: datetime) -> None:
        """Refuse once it is kept out.

        Raises:
            ClientNotInForce: it is suspended, revoked or has expired.
        """
        if self.status is not ClientStatus.ACTIVE:
            raise ClientNotInForce(f"this API client is {self.status}: ask who created it")
        if at >= self.expires_at:
            raise ClientNotInForce("this API client has expired: ask who created it")

    def _require_not_revoked(self) -> None:
        if self.status is ClientStatus.REVOKED:
            raise ClientRevoked("this API client was revoked: create another one")
