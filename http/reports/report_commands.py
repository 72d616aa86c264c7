"""Giving a command on a report, and what is answered to it."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from falcon import Request, Response

from countersign.aggregates.report.report import Report
from countersign.aggregates.report.status import Status
from countersign.aggregates.root import DomainError
from countersign.eventstore.receipt import Receipt
from countersign.http.answers import Answer
from countersign.http.calls import answer_receipt, as_left, call_of
from countersign.http.preconditions import tag_version
from countersign.http.reports.visibility import visible_report
from countersign.http.services import Services

_TELLING: Final = frozenset({403, 409, 412, 413, 422})
"""Refusals that would tell somebody that a report is there."""


class ReportState(Answer):
    """Where a report stands after a command.

    `content_digest` is the digest of the content as it is now; in review it is frozen, and what is signed.
    """

    id: UUID
    version: int
    document_number: str
    revision: str
    status: Status
    open_stage: int | None
    content_digest: str


def change_report(
    services: Services, req: Request, resp: Response, report_id: UUID, command: Any
) -> ReportState:
    """Give a command on a report and answer with where it has left it.

    Raises:
        NotFound: for a report that the caller may neither change nor see.
        DomainError: as the command says.
    """
    receipt = dispatch_on(services, req, report_id, command)
    return answer_state(services, resp, report_id, receipt)


def dispatch_on(services: Services, req: Request, report_id: UUID, command: Any) -> Receipt:
    """Give a command on a report.

    A handler looks at the report before it asks who may, and a repeat is answered without it: so nobody is
    told anything here whose session is over.

    Raises:
        SessionEnded: the caller has been signed out.
        NotFound: for a report that the caller may neither change nor see.
        DomainError: as the command says.
    """
    try:
        receipt = services.dispatch(command, call_of(req).context)
    except DomainError as refusal:
        if refusal.status in _TELLING:
            services.sessions.current(req.context.claims, services.clock())
            visible_report(services.aggregates, req.context.claims, report_id)
        raise
    if receipt.repeated:
        services.sessions.current(req.context.claims, services.clock())
    return receipt


def answer_state(services: Services, resp: Response, report_id: UUID, receipt: Receipt) -> ReportState:
    """Where the command of a receipt has left a report."""
    report = as_left(services.aggregates, Report, report_id, receipt)
    answer_receipt(resp, receipt)
    tag_version(resp, report.version)
    return ReportState(
        id=report.id,
        version=report.version,
        document_number=report.document_number,
        revision=report.revision,
        status=report.status,
        open_stage=report.open_stage.n if report.open_stage else None,
        content_digest=report.current_digest,
    )
