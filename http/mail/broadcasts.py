"""Words to everybody in certain roles: for administrators."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

from falcon import Request, Response
from pydantic import Field, StringConstraints

from countersign.aggregates.broadcast import LONGEST_MESSAGE, LONGEST_TOPIC, Broadcast, BroadcastStatus
from countersign.aggregates.role import Role
from countersign.commands.broadcast.cancel_broadcast import CancelBroadcast
from countersign.commands.broadcast.order_broadcast import OrderBroadcast
from countersign.eventstore.store import NotFound
from countersign.http.answers import Answer
from countersign.http.bodies import Form
from countersign.http.calls import answer_receipt, as_left, call_of
from countersign.http.endpoints import command, query
from countersign.http.fields import Text
from countersign.http.parameters import Paging
from countersign.http.services import Services
from countersign.http.staleness import Item
from countersign.projections.work.mail_broadcasts_queries import BroadcastRow, broadcast_page


class BroadcastForm(Form):
    """Plain text to those who hold one of the roles; it is put into a shipped template as it is."""

    topic: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TOPIC)]
    message: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_MESSAGE)]
    roles: Annotated[list[Role], Field(min_length=1, max_length=len(Role))]


class CancellingForm(Form):
    """Why the rest is not mailed."""

    reason: Text


class BroadcastAnswer(Answer):
    """A broadcast and how many of its mails are planned; how each fares, `/v1/jobs` tells."""

    id: UUID
    version: int
    topic: str
    roles: list[Role]
    by: UUID
    ordered_at: datetime
    status: BroadcastStatus
    recipients: int
    planned: int


class BroadcastsWanted(Paging):
    """Which broadcasts; what is left out does not matter."""

    status: BroadcastStatus | None = None


class ListedBroadcast(Item):
    """A broadcast as the list has it; `by` ordered it, and it was cancelled for a reason, or not."""

    HANGS_ON = ("id",)
    id: UUID
    version: int
    topic: str
    roles: list[Role]
    by: UUID
    ordered_at: datetime
    status: BroadcastStatus
    recipients: int
    planned: int
    cancelled_by: UUID | None
    cancelled_because: str | None


class BroadcastsAnswer(Answer):
    """A page of broadcasts, the newest first."""

    items: list[ListedBroadcast]
    next_cursor: str | None


class Broadcasts:
    """`/v1/mail/broadcasts`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Mail", reads=("mail_broadcasts",), action="ViewBroadcast")
    def on_get(self, _req: Request, _resp: Response, query: BroadcastsWanted) -> BroadcastsAnswer:
        """List what was mailed to everybody in certain roles."""
        page = broadcast_page(
            self._services.read, status=query.status, cursor=query.cursor, limit=query.limit
        )
        return BroadcastsAnswer(items=list(map(_listed, page.rows)), next_cursor=page.next_cursor)

    @command("Mail", status=202, refusals=(403,))
    def on_post(self, req: Request, resp: Response, form: BroadcastForm) -> BroadcastAnswer:
        """Mail a message to everybody in these roles, at the rate of the mail queue."""
        call = call_of(req)
        broadcast_id = call.new_id("broadcast")
        wanted = OrderBroadcast(
            broadcast_id=broadcast_id, topic=form.topic, message=form.message, roles=tuple(form.roles)
        )
        receipt = self._services.dispatch(wanted, call.context)
        answer_receipt(resp, receipt)
        resp.location = f"/v1/mail/broadcasts/{broadcast_id}"
        return _answer(as_left(self._services.aggregates, Broadcast, broadcast_id, receipt))


class OneBroadcast:
    """`/v1/mail/broadcasts/{broadcast_id}`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Mail", action="ViewBroadcast")
    def on_get(self, _req: Request, _resp: Response, broadcast_id: UUID) -> BroadcastAnswer:
        """Tell how far a broadcast has come."""
        broadcast = self._services.aggregates.find(Broadcast, broadcast_id)
        if broadcast is None:
            raise NotFound(f"there is no broadcast with the id {broadcast_id}")
        return _answer(broadcast)


class BroadcastCancelling:
    """`POST /v1/mail/broadcasts/{broadcast_id}/cancel`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Mail", refusals=(403, 409))
    def on_post(
        self, req: Request, resp: Response, broadcast_id: UUID, form: CancellingForm
    ) -> BroadcastAnswer:
        """Plan no more mails of it; those that are planned go."""
        wanted = CancelBroadcast(broadcast_id=broadcast_id, reason=form.reason)
        receipt = self._services.dispatch(wanted, call_of(req).context)
        answer_receipt(resp, receipt)
        return _answer(as_left(self._services.aggregates, Broadcast, broadcast_id, receipt))


def _listed(row: BroadcastRow) -> ListedBroadcast:
    facts = asdict(row)
    return ListedBroadcast(id=facts.pop("broadcast_id"), by=facts.pop("ordered_by"), **facts)


def _answer(broadcast: Broadcast) -> BroadcastAnswer:
    return BroadcastAnswer(
        id=broadcast.id,
        version=broadcast.version,
        topic=broadcast.topic,
        roles=list(broadcast.roles),
        by=broadcast.by,
        ordered_at=broadcast.created_on,
        status=broadcast.status,
        recipients=len(broadcast.recipients),
        planned=broadcast.planned,
    )
