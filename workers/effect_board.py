"""The operators' side of the effects: what waits, what failed, and what to do about dead letters."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update

from countersign.eventstore.databases import Database
from countersign.workers.effect import State
from countersign.workers.effects_table import effects


@dataclass(frozen=True, slots=True)
class Listed:
    """An effect as an operator sees it."""

    id: UUID
    queue: str
    kind: str
    reaction: str
    cause: UUID
    position: int
    correlation: str
    payload: Mapping[str, Any]
    state: str
    due_at: datetime
    holder: str | None
    lease_until: datetime | None
    attempts: int
    crashes: int
    error_class: str | None
    error: str | None
    finished_at: datetime | None
    job: UUID | None
    claimed_at: datetime | None
    percent: int | None
    step: str | None
    cancel_wished_at: datetime | None
    cancel_wished_by: UUID | None


LISTED = [effects.c[name] for name in Listed.__slots__]


class EffectBoard:
    """Lists effects and settles dead letters."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def listed(self, states: Collection[State] = tuple(State), limit: int = 100) -> Sequence[Listed]:
        """Effects in these states, the newest cause first."""
        query = select(*LISTED).where(effects.c.state.in_(states))
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(effects.c.position.desc()).limit(limit)).all()
        return [Listed(*row) for row in rows]

    def stats(self) -> Mapping[tuple[str, State], int]:
        """How many effects there are, by queue and state."""
        query = select(effects.c.queue, effects.c.state, func.count()).group_by(
            effects.c.queue, effects.c.state
        )
        with self._database.read() as connection:
            return {(queue, State(state)): count for queue, state, count in connection.execute(query)}

    def retry(self, effect_id: UUID, now: datetime) -> bool:
        """Give a dead letter a new life, its failures forgotten; False unless it is one."""
        return self._settle(
            effect_id,
            state=State.READY,
            due_at=now,
            attempts=0,
            crashes=0,
            finished_at=None,
            cancel_wished_at=None,
        )

    def discard(self, effect_id: UUID, now: datetime) -> bool:
        """Lay a dead letter aside for good; False unless it is one."""
        return self._settle(effect_id, state=State.DISCARDED, finished_at=now)

    def cancel(self, effect_id: UUID, now: datetime, by: UUID) -> bool:
        """Have it not done: what waits at once, what is worked on as soon as the work can end.

        False when it is not to be done anyway.
        """
        wish = update(effects).where(effects.c.id == effect_id)
        wished = {"cancel_wished_at": now, "cancel_wished_by": by}
        with self._database.write() as connection:
            waiting = wish.where(effects.c.state == State.READY)
            if connection.execute(waiting.values(state=State.CANCELLED, finished_at=now, **wished)).rowcount:
                return True
            held = wish.where(effects.c.state == State.CLAIMED)
            return connection.execute(held.values(**wished)).rowcount == 1

    def call_off(self, job: UUID, position: int, now: datetime, by: UUID) -> int:
        """Away with everything that was wanted for a job before that position; returns how much there was."""
        of_job = update(effects).where(effects.c.job == job, effects.c.position < position)
        wished = {"cancel_wished_at": now, "cancel_wished_by": by}
        over = {"finished_at": now, **wished}
        changes = (
            of_job.where(effects.c.state == State.READY).values(state=State.CANCELLED, **over),
            of_job.where(effects.c.state == State.DEAD).values(state=State.DISCARDED, **over),
            of_job.where(effects.c.state == State.CLAIMED).values(**wished),
        )
        with self._database.write() as connection:
            return sum(connection.execute(change).rowcount for change in changes)

    def forget_finished(self, before: datetime) -> int:
        """Delete what was done or discarded before that time; returns how many."""
        finished = effects.c.state.in_([State.DONE, State.DISCARDED, State.CANCELLED])
        with self._database.write() as connection:
            return connection.execute(
                delete(effects).where(finished, effects.c.finished_at < before)
            ).rowcount

    def _settle(self, effect_id: UUID, **values: Any) -> bool:
        dead = (effects.c.id == effect_id, effects.c.state == State.DEAD)
        with self._database.write() as connection:
            return connection.execute(update(effects).where(*dead).values(**values)).rowcount == 1
