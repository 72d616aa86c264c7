"""A queue whose deeds a test watches."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from countersign.eventstore.databases import Database
from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.effect_board import EffectBoard
from countersign.workers.effects import Effects
from countersign.workers.failure import EffectFailed
from countersign.workers.options import QueueOptions
from countersign.workers.queues import Queue
from countersign.workers.work import Work
from tests.integration.workers.running import now

Deed = Callable[[Effect], None]


QUICK: Final[dict[str, Any]] = {"backoff_base_s": 0.05, "backoff_cap_s": 0.1}


class Diary:
    """A duty that does what the test says, and notes what it was asked."""

    def __init__(self, deed: Deed = lambda effect: None) -> None:
        self.deed = deed
        self.performed: list[str] = []
        self.failures: list[tuple[str, bool]] = []

    def perform(self, effect: Effect, course: Course) -> None:
        self.performed.append(effect.payload["target"])
        self.deed(effect)

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        self.failures.append((failure.failure_class, retry_at is not None))


def a_queue(
    read: Database, diary: Diary, holder: str = "worker", poll_s: float = 0.05, **options: Any
) -> Queue:
    limits, effects = QueueOptions(**QUICK | options), Effects(read)
    work = Work(limits, effects, {"greet": diary}, now, lambda: 0.5)
    return Queue("work", limits, effects, work, holder, now, poll_s)


def wait_for(event: threading.Event) -> None:
    assert event.wait(10)


def states(board: EffectBoard) -> dict[str, int]:
    return Counter(each.state for each in board.listed())
