"""A signature: a person, a meaning and a time, bound to the digest of what was signed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from countersign.aggregates.role import Role

AUTHOR_STAGE: Final = 0
AUTHORSHIP: Final = "authorship"


@dataclass(frozen=True, slots=True)
class Signer:
    """Who is about to sign, and how they have just proved it.

    The printed name is part of the document from then on, and no longer of the person.
    """

    account: UUID
    printed_name: str
    role: Role
    factors: tuple[str, ...]
    authenticated_at: datetime


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that stands."""

    signature_id: UUID
    stage: int
    signer: UUID
    printed_name: str
    role: Role
    meaning: str
    content_digest: str
    signed_at: datetime
