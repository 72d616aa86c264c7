"""How much work each queue holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from countersign.cli.jobs.letters import DEAD, IN_DOUBT, Letter
from countersign.eventstore.databases import Database
from countersign.workers.effect import State
from countersign.workers.effects import FIRST_OF_LANE
from countersign.workers.effects_table import effects
from countersign.workers.kinds import QUEUES


@dataclass(frozen=True, slots=True)
class QueueStanding:
    """One queue.

    `retrying` has failed and waits for its next attempt; `dead` and `in_doubt` wait for a person. The work
    that has been due for longest has been so for `overdue_s` seconds; what is behind other work in its lane
    is not due yet.
    """

    queue: str
    waiting: int
    running: int
    retrying: int
    dead: int
    in_doubt: int
    overdue_s: float


def queue_standings(read: Database, letters: Sequence[Letter], now: datetime) -> tuple[QueueStanding, ...]:
    """Every queue, in the order of the catalogue."""
    tried = (effects.c.attempts > 0).label("tried")
    has_come = or_(effects.c.attempts > 0, effects.c.due_at <= now)  # a timer does not wait before its time
    is_open = or_(effects.c.state == State.CLAIMED, and_(effects.c.state == State.READY, has_come))
    count = select(effects.c.queue, effects.c.state, tried, func.count()).where(is_open)
    first_due = select(effects.c.queue, func.min(effects.c.due_at)).where(
        effects.c.state == State.READY, effects.c.due_at <= now, FIRST_OF_LANE
    )
    with read.read() as connection:
        counted = connection.execute(count.group_by(effects.c.queue, effects.c.state, tried))
        counts = {(queue, state, bool(again)): number for queue, state, again, number in counted}
        due = dict(connection.execute(first_due.group_by(effects.c.queue)).all())
    waiting_for_a_person = Counter((letter.queue, letter.state) for letter in letters)
    return tuple(
        QueueStanding(
            queue=queue,
            waiting=counts.get((queue, State.READY, False), 0),
            running=sum(counts.get((queue, State.CLAIMED, again), 0) for again in (False, True)),
            retrying=counts.get((queue, State.READY, True), 0),
            dead=waiting_for_a_person[queue, DEAD],
            in_doubt=waiting_for_a_person[queue, IN_DOUBT],
            overdue_s=(now - due[queue]).total_seconds() if queue in due else 0.0,
        )
        for queue in QUEUES
    )
