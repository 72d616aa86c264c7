"""How those stand who are told of what happens here: what waits for them, and who is left alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import inspect

from countersign.aggregates.webhook.delivery import DeliveryStatus
from countersign.aggregates.webhook.directory import MOST_WEBHOOKS
from countersign.aggregates.webhook.subscription import PausedBy
from countersign.cli.spans import span_of
from countersign.cli.status.problem import Component, Problem, strained
from countersign.eventstore.databases import Database
from countersign.projections.projection import view_of
from countersign.projections.work.webhook_deliveries import deliveries
from countersign.projections.work.webhook_deliveries_queries import WAITING, counts_by_state
from countersign.projections.work.webhooks import webhooks
from countersign.projections.work.webhooks_queries import Webhook, webhook_page

_PAUSES: Final = {
    PausedBy.USER: "paused by a person",
    PausedBy.CIRCUIT: "left alone",
    PausedBy.GONE: "gone",
}


@dataclass(frozen=True, slots=True)
class EndpointStanding:
    """One webhook; without `paused_by` it is told, and what waits is under way or waits for its next try."""

    webhook_id: UUID
    name: str
    paused_by: str | None
    paused_because: str | None
    paused_at: datetime | None
    probe_at: datetime | None
    failures: int
    waiting: int
    given_up: int

    @property
    def state(self) -> str:
        """How it is told, in words."""
        if self.paused_by is not None:
            return _PAUSES[PausedBy(self.paused_by)]
        return f"failing, {self.failures} in a row" if self.failures else "told"

    @property
    def is_level(self) -> bool:
        """Whether there is nothing to say of it."""
        return self.paused_by is None and not self.failures and not self.waiting


def endpoint_standings(read: Database) -> tuple[EndpointStanding, ...]:
    """Every webhook by name, as far as there are tables."""
    with read.read() as connection:
        there = inspect(connection)
        if not all(there.has_table(view_of(table).name) for table in (webhooks, deliveries)):
            return ()
    found = webhook_page(read, limit=MOST_WEBHOOKS).rows
    counts = counts_by_state(read, [row.webhook_id for row in found])
    return tuple(_standing(row, counts[row.webhook_id]) for row in found)


def problems_of_endpoints(found: Sequence[EndpointStanding], now: datetime) -> Iterator[Problem]:
    """Who does not take what it is told; that a person has paused one needs nobody."""
    for each in found:
        if each.paused_by == PausedBy.CIRCUIT:
            yield strained(Component.WEBHOOKS, _left_alone(each, now), _TRY.format(id=each.webhook_id))
        elif each.paused_by == PausedBy.GONE:
            what = f"The webhook {each.name} is paused: its endpoint says that it is gone. {_kept(each)}"
            yield strained(Component.WEBHOOKS, what, _GONE.format(id=each.webhook_id))


_TRY: Final = (
    "`countersign webhooks deliveries {id}` shows what it answers: tell whoever runs it. What waits follows "
    "by itself when it takes one again; `countersign webhooks resume {id} --as E-MAIL` tries at once."
)
_GONE: Final = (
    "If it is there again, `countersign webhooks resume {id} --as E-MAIL` sends what waits; if not, "
    "`countersign webhooks delete {id} --as E-MAIL` drops it."
)


def _left_alone(each: EndpointStanding, now: datetime) -> str:
    since = "" if each.paused_at is None else f" for {span_of((now - each.paused_at).total_seconds())}"
    again = "" if each.probe_at is None else f", tried again at {each.probe_at:%H:%M} UTC"
    return f"The webhook {each.name} has been left alone{since}{again}: {each.paused_because}. {_kept(each)}"


def _kept(each: EndpointStanding) -> str:
    if not each.waiting:
        return "Nothing waits for it."
    return f"{each.waiting} {'delivery waits' if each.waiting == 1 else 'deliveries wait'} for it."


def _standing(row: Webhook, counts: Mapping[str, int]) -> EndpointStanding:
    return EndpointStanding(
        webhook_id=row.webhook_id,
        name=row.name,
        paused_by=row.paused_by,
        paused_because=row.paused_because,
        paused_at=row.paused_at,
        probe_at=row.probe_at,
        failures=row.failures,
        waiting=sum(counts.get(state, 0) for state in WAITING),
        given_up=counts.get(DeliveryStatus.DEAD_LETTERED, 0),
    )
