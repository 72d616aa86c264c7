"""What is archived, what is due, what is held."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from falcon import Request, Response

from countersign.http.endpoints import query
from countersign.http.parameters import Paging
from countersign.http.retention.answers import HeldAnswer, HeldListAnswer, RetainedAnswer, RetainedListAnswer
from countersign.http.services import Services
from countersign.projections.reports.retention_due_queries import archived_page, hold_page

_READS = ("retention_due",)


class RetainedWanted(Paging):
    """Which reports: of the archive, `due` only those whose time is over; or the tombstones."""

    standing: Literal["archived", "disposed"] = "archived"
    due: bool = False


class RetainedReports:
    """`GET /v1/retention/reports`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Retention", reads=_READS, action="ViewRetention")
    def on_get(self, _req: Request, _resp: Response, query: RetainedWanted) -> RetainedListAnswer:
        """List the archive, those first whose time ends first."""
        until = self._services.clock() if query.due else None
        page = archived_page(
            self._services.read,
            until=until,
            standing=query.standing,
            cursor=query.cursor,
            limit=query.limit,
        )
        items = list(map(RetainedAnswer.model_validate, page.rows))
        return RetainedListAnswer(items=items, next_cursor=page.next_cursor)


class HoldsWanted(Paging):
    """All holds, or those of a report."""

    report_id: UUID | None = None


class LegalHolds:
    """`GET /v1/retention/holds`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Retention", reads=_READS, action="ViewRetention")
    def on_get(self, _req: Request, _resp: Response, query: HoldsWanted) -> HeldListAnswer:
        """List the legal holds in force."""
        page = hold_page(
            self._services.read, report_id=query.report_id, cursor=query.cursor, limit=query.limit
        )
        items = list(map(HeldAnswer.model_validate, page.rows))
        return HeldListAnswer(items=items, next_cursor=page.next_cursor)
