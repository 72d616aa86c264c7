"""Claiming, holding and finishing effects: at most one worker at a time, however many there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Update,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    true,
    tuple_,
    update,
)

from countersign.eventstore.databases import Database
from countersign.workers.course import Progress
from countersign.workers.effect import Effect, State
from countersign.workers.effects_table import effects
from countersign.workers.shared_rate import SharedRate

# Built once: building a statement takes longer than the database does.
READY, CLAIMED = effects.c.state == State.READY, effects.c.state == State.CLAIMED
OF_THE_QUEUE = effects.c.queue == bindparam("of_queue")
NOW = bindparam("now", type_=effects.c.due_at.type)
DUE = or_(and_(READY, effects.c.due_at <= NOW), and_(CLAIMED, effects.c.lease_until < NOW))
AHEAD = effects.alias("ahead")
HEADS = (  # of all lanes at once: to ask for each row whether any is ahead of it took twenty times as long
    select(AHEAD.c.lane, func.min(AHEAD.c.position))
    .where(AHEAD.c.lane.is_not(None), AHEAD.c.state.in_([State.READY, State.CLAIMED]))
    .group_by(AHEAD.c.lane)
)
BESIDE = effects.alias("beside")  # those of one cause stand at one position
FIRST_OF_LANE = or_(
    effects.c.lane.is_(None),
    and_(
        tuple_(effects.c.lane, effects.c.position).in_(HEADS),
        ~exists().where(
            BESIDE.c.lane == effects.c.lane,
            BESIDE.c.position == effects.c.position,
            BESIDE.c.state.in_([State.READY, State.CLAIMED]),
            tuple_(BESIDE.c.priority, BESIDE.c.id) < tuple_(effects.c.priority, effects.c.id),
        ),
    ),
)
FREE = and_(OF_THE_QUEUE, DUE, FIRST_OF_LANE)
ANY_FREE = select(1).select_from(effects).where(FREE).limit(1)
FIRST_FREE = (  # a CTE with locks is evaluated once; a subquery might be, again and again, with other rows
    select(effects.c.id)
    .where(FREE)
    .order_by(effects.c.priority, effects.c.position)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("first_free")
)
CLAIM = (
    update(effects)
    .where(effects.c.id.in_(select(FIRST_FREE.c.id)))
    .values(
        state=State.CLAIMED,
        holder=bindparam("new_holder"),
        fence=effects.c.fence + 1,
        lease_until=bindparam("until", type_=effects.c.lease_until.type),
        claimed_at=NOW,
        percent=None,
        step=None,
        crashes=effects.c.crashes + case((CLAIMED, 1), else_=0),
    )
    .returning(*(effects.c[name] for name in Effect.__slots__))
)
TO_BE_TAKEN_AT = func.min(case((READY, effects.c.due_at), else_=effects.c.lease_until))
FIRST_DUE = (
    select(effects.c.queue, TO_BE_TAKEN_AT)
    .where(effects.c.queue.in_(bindparam("queues", expanding=True)), or_(READY, CLAIMED))
    .group_by(effects.c.queue)
)
NEXT_DUE = select(TO_BE_TAKEN_AT).where(OF_THE_QUEUE, or_(READY, CLAIMED), FIRST_OF_LANE)
ALWAYS = true()
NOT_CALLED_OFF = effects.c.cancel_wished_at.is_(None)
UNWANTED = select(effects.c.id).where(
    effects.c.id.in_(bindparam("held", expanding=True)), effects.c.cancel_wished_at.is_not(None)
)


class Effects:
    """The workers' side of the table. An outcome counts only while its claim is the newest.

    Leases run by the workers' clocks, which must agree to well within a lease; when they do not, work is done
    twice, which it bears. So it is with a claim or an outcome that a crash of the server takes back: none is
    synced by itself, and each is on the disk before an event that came after it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(
        self,
        queue: str,
        holder: str,
        now: datetime,
        lease_s: float,
        limit: int,
        rate: SharedRate | None = None,
    ) -> Sequence[Effect]:
        """Take up to `limit` effects that are due, or whose worker's lease has ended; the oldest first."""
        given = {"of_queue": queue, "now": now}
        if (rate or self._database.dialect == "sqlite") and not self._any_free(given):
            return ()
        given |= {"new_holder": holder, "until": now + timedelta(seconds=lease_s)}
        with self._database.write(synced=False) as connection:
            most = rate.admit(connection, limit, now) if rate else limit
            rows = connection.execute(CLAIM, given | {"most": most}).all() if most else []
            if rate:
                rate.count(connection, len(rows), now)
        return sorted((Effect(*row) for row in rows), key=lambda effect: effect.position)

    def renew(self, held: Collection[Effect], now: datetime, lease_s: float) -> None:
        """Hold on to effects that are being worked on."""
        if held:
            ours = or_(*map(_is, held))
            change = update(effects).where(ours).values(lease_until=now + timedelta(seconds=lease_s))
            with self._database.write() as connection:
                connection.execute(change)

    def keep_progress(self, told: Collection[tuple[Effect, Progress]]) -> None:
        """Show how far effects have come that are being worked on."""
        if told:
            with self._database.write(synced=False) as connection:
                for effect, progress in told:
                    change = update(effects).where(_is(effect))
                    connection.execute(change.values(percent=progress.percent, step=progress.step))

    def unwanted(self, held: Collection[Effect]) -> Collection[UUID]:
        """Those that an operator wants to end."""
        ids = [effect.id for effect in held]
        if not ids:
            return ()
        with self._database.read() as connection:
            return set(connection.execute(UNWANTED, {"held": ids}).scalars())

    def complete(self, effect: Effect, now: datetime) -> bool:
        """It is done."""
        return self._finish(effect, state=State.DONE, finished_at=now)

    def cancel(self, effect: Effect, now: datetime) -> bool:
        """It was stopped, since nobody wants it any more."""
        return self._finish(effect, state=State.CANCELLED, finished_at=now)

    def retry(self, effect: Effect, at: datetime, failure_class: str, message: str) -> bool:
        """It failed and is due again at that time."""
        return self._fail(effect, failure_class, message, state=State.READY, due_at=at)

    def bury(self, effect: Effect, now: datetime, failure_class: str, message: str) -> bool:
        """It failed for good: a dead letter, until an operator retries or discards it."""
        return self._fail(effect, failure_class, message, state=State.DEAD, finished_at=now)

    def release(self, effect: Effect, at: datetime) -> bool:
        """Give it back as it was, to be taken again at that time.

        When this comes late and another worker has taken it over, the first was not lost: no crash.
        """
        return self._released(effect, at)

    def postpone(self, effect: Effect, at: datetime) -> bool:
        """As `release`; those behind it in its lane are not looked at before that time either."""
        if effect.lane is None:
            return self._released(effect, at)
        behind = and_(effects.c.lane == effect.lane, READY, effects.c.due_at < at)
        return self._released(effect, at, update(effects).where(behind).values(due_at=at))

    def hasten(self, lane: str, now: datetime) -> None:
        """What waits in a lane need wait no longer."""
        waiting = and_(effects.c.lane == lane, READY, effects.c.due_at > now)
        with self._database.write() as connection:
            connection.execute(update(effects).where(waiting).values(due_at=now))

    def waiting_in(self, lane: str) -> int:
        """How many effects of a lane are not done yet."""
        query = select(func.count()).where(effects.c.lane == lane, or_(READY, CLAIMED))
        with self._database.read() as connection:
            return connection.execute(query).scalar_one()

    def first_due(self, queues: Collection[str]) -> Mapping[str, datetime]:
        """From when on those of the queues that have any have an effect to be taken; lanes are not minded."""
        with self._database.read() as connection:
            rows = connection.execute(FIRST_DUE, {"queues": list(queues)})
            return {str(queue): due_at for queue, due_at in rows}

    def next_due(self, queue: str) -> datetime | None:
        """When the next of the queue's effects can be taken."""
        with self._database.read() as connection:
            first: datetime | None = connection.execute(NEXT_DUE, {"of_queue": queue}).scalar()
        return first

    def _any_free(self, given: Mapping[str, object]) -> bool:
        with self._database.read() as connection:  # a look costs no writer's turn, of which SQLite has one
            return connection.execute(ANY_FREE, given).first() is not None

    def _released(self, effect: Effect, at: datetime, *also: Update) -> bool:
        if self._finish(effect, *also, only=NOT_CALLED_OFF, state=State.READY, due_at=at):
            return True
        if self._finish(effect, state=State.CANCELLED, finished_at=effects.c.cancel_wished_at):
            return True  # a person did not want it any more, and nobody else waits for it in its lane
        taken_over = and_(effects.c.id == effect.id, effects.c.fence > effect.fence, effects.c.crashes > 0)
        acquittal = update(effects).where(taken_over, effects.c.state.in_([State.READY, State.CLAIMED]))
        with self._database.write() as connection:
            connection.execute(acquittal.values(crashes=effects.c.crashes - 1))
        return False

    def _fail(self, effect: Effect, failure_class: str, message: str, **values: Any) -> bool:
        attempts = effect.attempts + 1
        return self._finish(effect, attempts=attempts, error_class=failure_class, error=message, **values)

    def _finish(
        self, effect: Effect, *also: Update, only: ColumnElement[bool] = ALWAYS, **values: Any
    ) -> bool:
        change = update(effects).where(_is(effect), only).values(lease_until=None, holder=None, **values)
        with self._database.write(synced=False) as connection:
            if connection.execute(change).rowcount != 1:  # another has it: nothing of this counts
                return False
            for each in also:
                connection.execute(each)
            return True


def _is(effect: Effect) -> ColumnElement[bool]:
    return and_(effects.c.id == effect.id, effects.c.fence == effect.fence, effects.c.state == State.CLAIMED)
