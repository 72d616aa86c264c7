"""Every signature that was ever put under a report."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from falcon import Request, Response

from countersign.http.answers import Answer
from countersign.http.endpoints import query
from countersign.http.reports.visibility import visible_report
from countersign.http.services import Services
from countersign.projections.signature_register_queries import signatures_of


class SignatureRecord(Answer):
    """A signature; stage 0 is the author's. One that fell says when and why."""

    signature_id: UUID
    revision: str
    stage: int
    signer: UUID
    printed_name: str
    role: str
    meaning: str
    content_digest: str
    factors: list[str]
    signed_at: datetime
    invalidated_at: datetime | None
    cause: str | None


class SignaturesAnswer(Answer):
    """Signatures in the order of signing."""

    items: list[SignatureRecord]


class Signatures:
    """`GET /v1/reports/{report_id}/signatures`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Reports", reads=("signature_register",))
    def on_get(self, req: Request, _resp: Response, report_id: UUID) -> SignaturesAnswer:
        """List the signatures under a report, those that fell included."""
        visible_report(self._services.aggregates, req.context.claims, report_id)
        rows = signatures_of(self._services.read, report_id)
        return SignaturesAnswer(items=[SignatureRecord.model_validate(row) for row in rows])
