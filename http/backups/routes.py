"""The addresses about backups."""

from __future__ import annotations

from typing import Any

from falcon import App

from countersign.http.backups.backups import (
    Backups,
    OneBackup,
    OutwardRelease,
    RestoreApproval,
    RestoreRefusal,
    RestoreRequests,
)
from countersign.http.services import Services

_ONE = "/v1/backups/{backup_id:uuid}"


def add_backup_routes(app: App[Any, Any], services: Services) -> None:
    """Give an app these addresses."""
    app.add_route("/v1/backups", Backups(services))
    app.add_route(_ONE, OneBackup(services))
    app.add_route(f"{_ONE}/release", OutwardRelease(services))
    app.add_route(f"{_ONE}/restore", RestoreRequests(services))
    app.add_route(f"{_ONE}/restore/approve", RestoreApproval(services))
    app.add_route(f"{_ONE}/restore/refuse", RestoreRefusal(services))
