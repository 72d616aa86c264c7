"""What remains of a report after its contents have gone: enough to prove that it was, and why it went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countersign.aggregates.canonical_json import digest_of


@dataclass(frozen=True, slots=True)
class Tombstone:
    """The facts of a disposed report. Digests still prove what a copy that turns up elsewhere is."""

    document_number: str
    report_type: str
    revision: str
    content_digest: str
    document_digest: str
    issued_at: datetime
    policy_version: int
    retention_until: datetime
    proposed_by: UUID
    approved_by: UUID
    reason: str

    @property
    def digest(self) -> str:
        """The SHA-256 of its canonical form: names, and every value as text."""
        return digest_of({name: str(getattr(self, name)) for name in self.__slots__})
