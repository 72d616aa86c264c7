"""A certificate that the API showed to its clients: since when, and when it was time to renew it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal, Self
from uuid import UUID

from countersign.aggregates.root import Root, derived_id

STEPS: Final = (14, 7, 3, 1, 0)
"""Days before the end at which it is noted again; first as early as is configured."""


def certificate_id(fingerprint: str) -> UUID:
    """The certificate of that SHA-256."""
    return derived_id("certificate", fingerprint)


class TlsCertificate(Root):
    """What was shown; neither a key nor a person is in it. `warned` is the step that was noted last."""

    TOPIC = "certificate"
    fingerprint: str
    subject: str
    not_after: datetime
    source: Literal["pem", "pfx"]
    warned: int | None = None

    class Created(Root.Created):
        TOPIC = "certificate.loaded"
        fingerprint: str
        subject: str
        not_after: datetime
        source: Literal["pem", "pfx"]

    class Expiring(Root.Event):
        TOPIC = "certificate.expiring"
        days: int

        def apply(self, certificate: TlsCertificate) -> None:
            certificate.warned = self.days

    @classmethod
    def load(
        cls, at: datetime, fingerprint: str, subject: str, not_after: datetime, source: Literal["pem", "pfx"]
    ) -> Self:
        """Note that it came into use."""
        return cls._create(
            cls.Created,
            id=certificate_id(fingerprint),
            timestamp=at,
            fingerprint=fingerprint,
            subject=subject,
            not_after=not_after,
            source=source,
        )

    def look_at(self, at: datetime, warn_days: int) -> None:
        """Note that its end is near, once at each step; 0 days: it has come."""
        left = self.not_after - at
        reached = [step for step in {warn_days, *STEPS} if step <= warn_days and left <= timedelta(days=step)]
        if reached and (self.warned is None or min(reached) < self.warned):
            self.trigger_event(self.Expiring, timestamp=at, days=min(reached))
