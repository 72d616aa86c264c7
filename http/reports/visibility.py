"""Which reports somebody may know of: the others do not exist for them."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from countersign.aggregates.permissions import permitted
from countersign.aggregates.report.report import Report
from countersign.commands.permit import NotPermitted
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.store import NotFound
from countersign.http.tokens import Claims

_VIEW: Final = "ViewReport"


def visible_report(aggregates: Aggregates, claims: Claims, report_id: UUID) -> Report:
    """The report as it is now.

    Raises:
        NotFound: there is none, or none that the caller may see: it is not said which.
    """
    report = aggregates.find(Report, report_id)
    if report is None or not is_visible(report, claims):
        raise NotFound(f"there is no report with the id {report_id}")
    return report


def is_visible(report: Report, claims: Claims) -> bool:
    """Whether the caller may see the report."""
    return permitted(claims.role, _VIEW, own=report.owner == claims.owner, scopes=claims.scopes)


def whose_reports(claims: Claims, action: str = _VIEW) -> UUID | None:
    """The owner to whose reports an action is narrowed down for the caller; None for all reports.

    Raises:
        NotPermitted: the caller's role may do it with no reports.
    """
    if permitted(claims.role, action, scopes=claims.scopes):
        return None
    if not permitted(claims.role, action, own=True, scopes=claims.scopes):
        told = "let you see reports" if action == _VIEW else f"allow {action}"
        raise NotPermitted(f"your role ({claims.role}) or scopes do not {told}")
    return claims.owner
