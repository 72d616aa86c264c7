"""Notes which API clients will soon end, so that their creators can see to it in time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from countersign.commands.api_client.warn_of_api_client_expiry import WarnOfApiClientExpiry
from countersign.eventstore.context import SYSTEM, Context
from countersign.eventstore.databases import Database
from countersign.projections.people.api_clients_queries import expiring_between
from countersign.workers.course import Course
from countersign.workers.issuer import Dispatch


class ApiClientExpiry:
    """Gives a command for each client that ends soon; the client itself knows whether it was told."""

    def __init__(self, read: Database, dispatcher: Dispatch, warn_days: int) -> None:
        self._read = read
        self._dispatcher = dispatcher
        self._warning = timedelta(days=warn_days)

    def __call__(self, now: datetime, course: Course) -> Mapping[str, str]:
        """Warn; returns of how many clients."""
        ending = expiring_between(self._read, now, now + self._warning)
        for client_id in ending:
            self._warn_of(client_id)
        return {"expiring_api_clients": str(len(ending))}

    def _warn_of(self, client_id: UUID) -> None:
        context = Context(
            actor=SYSTEM, command_key=str(uuid4()), correlation=f"expiry of {client_id}", fresh_key=True
        )
        self._dispatcher.dispatch(WarnOfApiClientExpiry(client_id=client_id), context)
