"""The addresses about the databases."""

from __future__ import annotations

from typing import Any

from falcon import App

from countersign.http.database.database import DatabaseIndexes, DatabasePool, DatabaseTables, SlowQueries
from countersign.http.services import Services


def add_database_routes(app: App[Any, Any], services: Services) -> None:
    """Give an app these addresses."""
    app.add_route("/v1/database/tables", DatabaseTables(services))
    app.add_route("/v1/database/indexes", DatabaseIndexes(services))
    app.add_route("/v1/database/slow-queries", SlowQueries(services))
    app.add_route("/v1/database/pool", DatabasePool(services))
