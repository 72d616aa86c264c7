"""The addresses about periodic work that was done."""

from __future__ import annotations

from typing import Any

from falcon import App

from countersign.http.maintenance.maintenance import Maintenance
from countersign.http.services import Services


def add_maintenance_routes(app: App[Any, Any], services: Services) -> None:
    """Give an app these addresses."""
    app.add_route("/v1/maintenance", Maintenance(services))
