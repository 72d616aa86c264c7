"""A program that may use the service: with a key of its own, for a while, within the rights of a person."""

from __future__ import annotations

import hmac
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from countersign.aggregates.api_client_refusals import ClientCertificateRefused
from countersign.aggregates.api_client_standing import ClientStatus, Standing
from countersign.aggregates.api_client_terms import Terms
from countersign.aggregates.root import Root, derived_id


def api_client_id(prefix: str) -> UUID:
    """The client whose keys begin so: found from the key alone, without a look-up."""
    return derived_id("api_client", prefix)


class ApiClient(Standing):
    """It does what its creator may do, as far as its scopes go; the creator answers for it.

    Of its keys only keyed digests are known. After a rotation the key before is good until `retiring_until`.
    `certificate` is the SHA-256 of the TLS certificate without which they are worth nothing, if there is one.
    """

    TOPIC = "api_client"
    key_number: int = 1
    retiring_hash: str = ""
    retiring_until: datetime | None = None
    warned_of: datetime | None = None
    certificate: str = ""

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

    class Expiring(Root.Event):
        TOPIC = "api_client.expiring"
        expires_at: datetime

        def apply(self, client: ApiClient) -> None:
            client.warned_of = self.expires_at

    class CertificateBound(Root.Event):
        TOPIC = "api_client.certificate_bound"
        certificate: str

        def apply(self, client: ApiClient) -> None:
            client.certificate = self.certificate

    class CertificateUnbound(Root.Event):
        TOPIC = "api_client.certificate_unbound"

        def apply(self, client: ApiClient) -> None:
            client.certificate = ""

    @classmethod
    def create(cls, at: datetime, *, prefix: str, creator: UUID, key_hash: str, terms: Terms) -> Self:
        """Let a program in under terms that its creator may give."""
        return cls._create(
            cls.Created,
            id=api_client_id(prefix),
            timestamp=at,
            creator=creator,
            prefix=prefix,
            key_hash=key_hash,
            **asdict(terms),
        )

    def rotate(self, at: datetime, key_hash: str, overlap: timedelta) -> None:
        """Give it its next key; the present one goes on for the overlap, one before that ends at once.

        Raises:
            ClientRevoked: it has no keys any more.
        """
        self.require_not_revoked()
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
        self.require_not_revoked()
        if terms != self.terms:
            self.trigger_event(self.Changed, timestamp=at, **asdict(terms))

    def bind_certificate(self, at: datetime, fingerprint: str) -> None:
        """Let its keys be good with this certificate only; another one takes the place of the one before.

        Raises:
            ClientRevoked: it is out for good.
        """
        self.require_not_revoked()
        if self.certificate != fingerprint:
            self.trigger_event(self.CertificateBound, timestamp=at, certificate=fingerprint)

    def unbind_certificate(self, at: datetime) -> None:
        """Let its keys be good again without any."""
        if self.certificate:
            self.trigger_event(self.CertificateUnbound, timestamp=at)

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

    def require_certificate(self, shown: str) -> None:
        """Refuse a call that does not come with its certificate; `shown` is a SHA-256, empty for none.

        Raises:
            ClientCertificateRefused: it came without, or with another one.
        """
        if self.certificate and not hmac.compare_digest(self.certificate, shown):
            raise ClientCertificateRefused("this API client is let in with its own TLS certificate only")
