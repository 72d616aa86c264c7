"""Claiming, holding and finishing effects: at most one worker at a time, however many there are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, or_, select, update

from countersign.eventstore.databases import Database
from countersign.workers.effect import Effect, State
from countersign.workers.effects_table import effects

CLAIM = [effects.c[name] for name in Effect.__slots__]


class Effects:
    """The workers' side of the table. An outcome counts only while its claim is the newest.

    Leases run by the workers' clocks, which must agree to well within a lease; when they do not, work is done
    twice, which it bears.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, queue: str, holder: str, now: datetime, lease_s: float, limit: int) -> Sequence[Effect]:
        """Take up to `limit` effects that are due, or whose worker's lease has ended; the oldest first."""
        if not self._any_free(queue, now):  # a look costs no writer's turn
            return ()
        free = select(effects.c.id).where(_free(queue, now)).order_by(effects.c.priority, effects.c.position)
        taken = free.limit(limit).with_for_update(skip_locked=True)
        change = (
            update(effects)
            .where(effects.c.id.in_(taken.scalar_subquery()))
            .values(
                state=State.CLAIMED,
                holder=holder,
                fence=effects.c.fence + 1,
                lease_until=now + timedelta(seconds=lease_s),
                crashes=effects.c.crashes + case((effects.c.state == State.CLAIMED, 1), else_=0),
            )
            .returning(*CLAIM)
        )
        with self._database.write() as connection:
            rows = connection.execute(change).all()
        return sorted((Effect(*row) for row in rows), key=lambda effect: effect.position)

    def renew(self, held: Collection[Effect], now: datetime, lease_s: float) -> None:
        """Hold on to effects that are being worked on."""
        if held:
            ours = or_(*map(_is, held))
            change = update(effects).where(ours).values(lease_until=now + timedelta(seconds=lease_s))
            with self._database.write() as connection:
                connection.execute(change)

    def complete(self, effect: Effect, now: datetime) -> bool:
        """It is done."""
        return self._finish(effect, state=State.DONE, finished_at=now)

    def retry(self, effect: Effect, at: datetime, failure_class: str, message: str) -> bool:
        """It failed and is due again at that time."""
        return self._fail(effect, failure_class, message, state=State.READY, due_at=at)

    def bury(self, effect: Effect, now: datetime, failure_class: str, message: str) -> bool:
        """It failed for good: a dead letter, until an operator retries or discards it."""
        return self._fail(effect, failure_class, message, state=State.DEAD, finished_at=now)

    def release(self, effect: Effect, at: datetime) -> bool:
        """Give it back as it was, to be taken again at that time."""
        return self._finish(effect, state=State.READY, due_at=at)

    def next_due(self, queue: str) -> datetime | None:
        """When the next of the queue's effects can be taken."""
        ready, claimed = effects.c.state == State.READY, effects.c.state == State.CLAIMED
        first_due = select(effects.c.due_at).where(effects.c.queue == queue, ready)
        first_lapse = select(effects.c.lease_until).where(effects.c.queue == queue, claimed)
        with self._database.read() as connection:
            due = connection.execute(first_due.order_by(effects.c.due_at).limit(1)).scalar()
            lapse = connection.execute(first_lapse.order_by(effects.c.lease_until).limit(1)).scalar()
        return min((at for at in (due, lapse) if at is not None), default=None)

    def _any_free(self, queue: str, now: datetime) -> bool:
        with self._database.read() as connection:
            return connection.execute(select(1).where(_free(queue, now)).limit(1)).first() is not None

    def _fail(self, effect: Effect, failure_class: str, message: str, **values: Any) -> bool:
        attempts = effect.attempts + 1
        return self._finish(effect, attempts=attempts, error_class=failure_class, error=message, **values)

    def _finish(self, effect: Effect, **values: Any) -> bool:
        change = update(effects).where(_is(effect)).values(lease_until=None, holder=None, **values)
        with self._database.write() as connection:
            return connection.execute(change).rowcount == 1


def _free(queue: str, now: datetime) -> ColumnElement[bool]:
    due = and_(effects.c.state == State.READY, effects.c.due_at <= now)
    lapsed = and_(effects.c.state == State.CLAIMED, effects.c.lease_until < now)
    return and_(effects.c.queue == queue, or_(due, lapsed))


def _is(effect: Effect) -> ColumnElement[bool]:
    return and_(effects.c.id == effect.id, effects.c.fence == effect.fence, effects.c.state == State.CLAIMED)
