"""Whether a report is in use, kept, held or gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Standing(StrEnum):
    """Whether a report is in use, kept for its time, or gone but for its tombstone."""

    ACTIVE = "active"
    ARCHIVED = "archived"
    DISPOSED = "disposed"


@dataclass(frozen=True, slots=True)
class Retention:
    """Until when a report is kept, and the version of the policy that said so."""

    policy_version: int
    until: datetime


@dataclass(frozen=True, slots=True)
class LegalHold:
    """A matter for which nothing of a report may vanish."""

    matter: str
    since: datetime
    by: UUID


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody wants a report disposed of; once another person has approved, it happens `not_before`."""

    by: UUID
    reason: str
    approved_by: UUID | None = None
    not_before: datetime | None = None
