"""Something that matters to the safety of the service, noted by the service itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from countersign.aggregates.root import Personal, Root


class Severity(StrEnum):
    """How soon somebody should look: some time, soon, at once."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


class SecurityEventKind(StrEnum):
    """What was refused at the edge."""

    AUTHENTICATION_FAILED = "authentication_failed"
    INVALID_TOKEN = "invalid_token"  # noqa: S105 - the name of a kind
    SESSION_REFUSED = "session_refused"
    CLIENT_CERTIFICATE_REFUSED = "client_certificate_refused"
    ACCESS_DENIED = "access_denied"
    CSRF_REFUSED = "csrf_refused"
    RATE_LIMITED = "rate_limited"
    HOST_REFUSED = "host_refused"
    HTTPS_REFUSED = "https_refused"
    BLOCKED_NETWORK_REFUSED = "blocked_network_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What was seen, `count` times since `began_at`; `network` is an address, a network or empty."""

    kind: SecurityEventKind
    severity: Severity
    account: UUID | None
    network: str
    detail: Mapping[str, str]
    count: int
    began_at: datetime


class SecurityEvent(Root):
    """One note, or the sum of like ones that came too fast to be noted one by one.

    The network is kept under the key of `subject`: the account, if one is known.
    """

    TOPIC = "security_event"
    kind: SecurityEventKind
    severity: Severity
    subject: UUID
    account: UUID | None
    network: Personal
    detail: Mapping[str, str]
    count: int
    began_at: datetime

    class Created(Root.Created):
        TOPIC = "security_event.recorded"
        SUBJECT = "subject"
        kind: SecurityEventKind
        severity: Severity
        subject: UUID
        account: UUID | None
        network: Personal
        detail: Mapping[str, str]
        count: int
        began_at: datetime

    @classmethod
    def record(cls, event_id: UUID, at: datetime, noted: Noted, subject: UUID) -> Self:
        """Note it; nothing follows on it in its stream."""
        return cls._create(
            cls.Created,
            id=event_id,
            timestamp=at,
            kind=noted.kind,
            severity=noted.severity,
            subject=subject,
            account=noted.account,
            network=noted.network,
            detail=noted.detail,
            count=noted.count,
            began_at=noted.began_at,
        )
