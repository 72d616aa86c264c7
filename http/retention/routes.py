"""The addresses about keeping reports and disposing of them."""

from __future__ import annotations

from typing import Any

from falcon import App

from countersign.http.retention.lists import LegalHolds, RetainedReports
from countersign.http.retention.policy import Policy
from countersign.http.retention.report_retention import (
    Archiving,
    DispositionApproval,
    DispositionProposal,
    DispositionRefusal,
    Holding,
    Releasing,
    ReportRetention,
    Restoration,
)
from countersign.http.services import Services

_REPORT = "/v1/reports/{report_id:uuid}"


def add_retention_routes(app: App[Any, Any], services: Services) -> None:
    """Give an app these addresses."""
    app.add_route("/v1/retention/policy", Policy(services))
    app.add_route("/v1/retention/reports", RetainedReports(services))
    app.add_route("/v1/retention/holds", LegalHolds(services))
    app.add_route(f"{_REPORT}/retention", ReportRetention(services))
    app.add_route(f"{_REPORT}/archive", Archiving(services))
    app.add_route(f"{_REPORT}/restore", Restoration(services))
    app.add_route(f"{_REPORT}/hold", Holding(services))
    app.add_route(f"{_REPORT}/hold/release", Releasing(services))
    app.add_route(f"{_REPORT}/disposition", DispositionProposal(services))
    app.add_route(f"{_REPORT}/disposition/approve", DispositionApproval(services))
    app.add_route(f"{_REPORT}/disposition/decline", DispositionRefusal(services))
