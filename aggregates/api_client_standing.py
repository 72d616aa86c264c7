"""Whether a program is let in: kept out for a while, for good, or from a date on."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from countersign.aggregates.api_client_refusals import ClientNotInForce, ClientRevoked, NotSuspended
from countersign.aggregates.root import Root


class ClientStatus(StrEnum):
    """A suspended client may be let in again; a revoked one never."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class Standing(Root):
    """Under which terms a program came in, and whether they still hold."""

    TOPIC: ClassVar[str]
    name: str
    creator: UUID
    prefix: str
    key_hash: str
    scopes: tuple[str, ...]
    rate_limit: int
    expires_at: datetime
    status: ClientStatus = ClientStatus.ACTIVE
    suspended_by: UUID | None = None

    class Suspended(Root.Event):
        TOPIC = "api_client.suspended"
        reason: str
        by: UUID

        def apply(self, client: Standing) -> None:
            client.status, client.suspended_by = ClientStatus.SUSPENDED, self.by

    class Resumed(Root.Event):
        TOPIC = "api_client.resumed"

        def apply(self, client: Standing) -> None:
            client.status, client.suspended_by = ClientStatus.ACTIVE, None

    class Revoked(Root.Event):
        TOPIC = "api_client.revoked"
        reason: str

        def apply(self, client: Standing) -> None:
            client.status = ClientStatus.REVOKED

    def suspend(self, at: datetime, by: UUID, reason: str) -> None:
        """Keep it out for now; suspending it twice changes nothing.

        Raises:
            ClientRevoked: it is out for good.
        """
        self.require_not_revoked()
        if self.status is ClientStatus.ACTIVE:
            self.trigger_event(self.Suspended, timestamp=at, reason=reason, by=by)

    def resume(self, at: datetime) -> None:
        """Let it in again.

        Raises:
            ClientRevoked: never.
            NotSuspended: it is not out.
        """
        self.require_not_revoked()
        if self.status is not ClientStatus.SUSPENDED:
            raise NotSuspended("this API client is not suspended")
        self.trigger_event(self.Resumed, timestamp=at)

    def revoke(self, at: datetime, reason: str) -> None:
        """Keep it out for good; revoking it twice changes nothing."""
        if self.status is not ClientStatus.REVOKED:
            self.trigger_event(self.Revoked, timestamp=at, reason=reason)

    def require_in_force(self, at: datetime) -> None:
        """Refuse once it is kept out.

        Raises:
            ClientNotInForce: it is suspended, revoked or has expired.
        """
        if self.status is not ClientStatus.ACTIVE:
            raise ClientNotInForce(f"this API client is {self.status}: ask who created it")
        if at >= self.expires_at:
            raise ClientNotInForce("this API client has expired: ask who created it")

    def require_not_revoked(self) -> None:
        """Refuse what makes no sense for one that is out for good.

        Raises:
            ClientRevoked: it is.
        """
        if self.status is ClientStatus.REVOKED:
            raise ClientRevoked("this API client was revoked: create another one")
