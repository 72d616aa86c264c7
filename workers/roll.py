"""Who works, at what, and how far a job has come: for those who look on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from countersign.eventstore.databases import Database
from countersign.workers.effect import State
from countersign.workers.effects_table import effects
from countersign.workers.workers_table import SILENT_S, Task, Worker, Workers


class WorkerState(StrEnum):
    """How a process stands. `silent`: it was killed, is cut off, or hangs; what it held is taken over."""

    WORKING = "working"
    DRAINING = "draining"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSeen:
    """A process as it last told of itself, and what it holds."""

    worker: Worker
    state: WorkerState
    tasks: Sequence[Task]


@dataclass(frozen=True, slots=True)
class Underway:
    """Since when a worker has been at a job, and what it told last; None until it tells anything."""

    since: datetime
    percent: int | None
    step: str | None


class Roll:
    """Reads what workers write."""

    def __init__(self, read: Database, clock: Callable[[], datetime]) -> None:
        self._read = read
        self._clock = clock

    def workers(self) -> Sequence[WorkerSeen]:
        """Everyone, by host."""
        roll = Workers(self._read)
        tasks, silent_since = roll.at_work(), self._clock() - timedelta(seconds=SILENT_S)
        return [
            WorkerSeen(worker=each, state=_state(each, silent_since), tasks=tasks.get(each.name, ()))
            for each in roll.all()
        ]

    def underway(self, job: UUID) -> Underway | None:
        """How a job goes that a worker is at; None when none is."""
        columns = (effects.c.claimed_at, effects.c.percent, effects.c.step)
        held = select(*columns).where(effects.c.job == job, effects.c.state == State.CLAIMED)
        with self._read.read() as connection:
            row = connection.execute(held.order_by(effects.c.position.desc()).limit(1)).first()
        return None if row is None or row.claimed_at is None else Underway(*row)


def _state(worker: Worker, silent_since: datetime) -> WorkerState:
    if worker.seen_at < silent_since:
        return WorkerState.SILENT
    return WorkerState.DRAINING if worker.draining else WorkerState.WORKING
