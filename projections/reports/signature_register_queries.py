"""Shows the signatures of a report, those that stand and those that fell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from countersign.eventstore.databases import Database
from countersign.projections.projection import view_of
from countersign.projections.reading import every, having
from countersign.projections.reports.signature_register import signatures

_view: Final = view_of(signatures)


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """A signature; stage 0 is the author's. One that fell says when and why."""

    signature_id: UUID
    report_id: UUID
    revision: str
    stage: int
    signer: UUID
    printed_name: str
    role: str
    meaning: str
    content_digest: str
    factors: tuple[str, ...]
    signed_at: datetime
    invalidated_at: datetime | None
    cause: str | None


def signatures_of(read: Database, report_id: UUID, revision: str | None = None) -> tuple[SignatureRow, ...]:
    """The signatures of a report, or of one of its revisions, in the order of signing."""
    query = having(_view, SignatureRow, report_id=report_id, revision=revision)
    return every(read, SignatureRow, query.order_by(_view.c.signed_at, _view.c.stage))
