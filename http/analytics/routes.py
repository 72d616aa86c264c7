"""The addresses of figures."""

from __future__ import annotations

from typing import Any

from falcon import App

from countersign.http.analytics.stages import Stages
from countersign.http.analytics.summary import Summary
from countersign.http.analytics.workload import Workload
from countersign.http.past.past import Past
from countersign.http.services import Services


def add_analytics_routes(app: App[Any, Any], services: Services, past: Past) -> None:
    """Give an app the addresses at which figures are read."""
    app.add_route("/v1/analytics/summary", Summary(services, past))
    app.add_route("/v1/analytics/stages", Stages(services, past))
    app.add_route("/v1/analytics/workload", Workload(services, past))
