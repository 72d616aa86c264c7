"""Lists deliveries to endpoints, and the attempts at one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from countersign.aggregates.webhook.delivery import DeliveryStatus
from countersign.eventstore.databases import Database
from countersign.projections.keyset import Keyset, Page
from countersign.projections.projection import view_of
from countersign.projections.reading import every, having, one, page
from countersign.projections.work.webhook_deliveries import attempts, deliveries

_view: Final = view_of(deliveries)
_attempts: Final = view_of(attempts)
_ORDER: Final = Keyset("queued_at", (_view.c.queued_at, _view.c.delivery_id), descending=True)
WAITING: Final = (DeliveryStatus.QUEUED, DeliveryStatus.RETRYING)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one endpoint; `status` is that of the last answer, 0 when there was none."""

    delivery_id: UUID
    version: int
    webhook_id: UUID
    event_id: UUID
    event_type: str
    source: UUID
    position: int
    state: str
    attempts: int
    status: int | None
    error: str | None
    why: str | None
    next_at: datetime | None
    queued_at: datetime
    attempted_at: datetime | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class AttemptMade:
    """One call of an endpoint."""

    number: int
    at: datetime
    worker: str
    status: int
    duration_ms: int
    error: str


def delivery(read: Database, delivery_id: UUID) -> Delivery | None:
    """One delivery, or None."""
    return one(read, Delivery, having(_view, Delivery, delivery_id=delivery_id))


def attempts_at(read: Database, delivery_id: UUID) -> tuple[AttemptMade, ...]:
    """The attempts at a delivery in their order."""
    found = having(_attempts, AttemptMade).where(_attempts.c.delivery_id == delivery_id)
    return every(read, AttemptMade, found.order_by(_attempts.c.number))


def delivery_page(
    read: Database,
    *,
    webhook_id: UUID | None = None,
    state: str | None = None,
    event_type: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Delivery]:
    """Deliveries, the newest first.

    Raises:
        BadCursor: the cursor is not from this list.
    """
    wanted = having(_view, Delivery, webhook_id=webhook_id, state=state, event_type=event_type)
    return page(read, Delivery, _ORDER, wanted, cursor, limit)


def counts_by_state(read: Database, webhooks: Collection[UUID]) -> Mapping[UUID, Mapping[str, int]]:
    """How many deliveries of each webhook wait or were given up."""
    shown = (*WAITING, DeliveryStatus.DEAD_LETTERED)
    query = (
        select(_view.c.webhook_id, _view.c.state, func.count())
        .where(_view.c.webhook_id.in_(webhooks), _view.c.state.in_(shown))
        .group_by(_view.c.webhook_id, _view.c.state)
    )
    found: dict[UUID, dict[str, int]] = {webhook: {} for webhook in webhooks}
    with read.read() as connection:
        for webhook, state, count in connection.execute(query):
            found[webhook][state] = count
    return found
