"""Every signature that was ever put under a report."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from falcon import Request, Response

from countersign.http.answers import Answer
from countersign.http.endpoints import query
from countersign.http.past.moments import AsOf
from countersign.http.past.past import Past
from countersign.http.reports.visibility import visible_report
from countersign.http.services import Services
from countersign.http.staleness import Item
from countersign.projections.reports.signature_register_queries import signatures_of


class SignatureRecord(Item):
    """A signature; stage 0 is the author's. One that fell says when and why."""

    HANGS_ON = ("report_id",)
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

    def __init__(self, services: Services, past: Past) -> None:
        self._services = services
        self._past = past

    @query("Reports", reads=("signature_register",))
    def on_get(self, req: Request, resp: Response, report_id: UUID, query: AsOf) -> SignaturesAnswer:
        """List the signatures under a report, those that fell included, as they are now or as they were."""
        visible_report(self._services.aggregates, req.context.claims, report_id)
        with self._past.of_report(req, resp, query, "signature_register", report_id) as then:
            rows = signatures_of(then.read, report_id)
        return SignaturesAnswer(items=[SignatureRecord.model_validate(row) for row in rows])
