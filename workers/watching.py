"""Watches the work on effects: each a part of the trace that caused it, counted by what became of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Final

from countersign.eventstore.trail import Tracer, Trail, on_trail
from countersign.workers.effect import Effect

Count = Callable[[Effect, str, float], None]
"""Told of each effect what became of it, and how long that took."""
_AS_IT_SHOULD: Final = frozenset({"done", "postponed", "taken over", "cancelled"})


class Watched:
    """The work says here what became of it."""

    outcome = "broken"


Watch = Callable[[Effect], AbstractContextManager[Watched]]


@contextmanager
def unwatched(_effect: Effect) -> Iterator[Watched]:
    """Nobody looks."""
    yield Watched()


class Watching:
    """What is done within is logged, and recorded in events, as a part of the effect's trace."""

    def __init__(self, tracer: Tracer, count: Count) -> None:
        self._tracer = tracer
        self._count = count

    @contextmanager
    def __call__(self, effect: Effect) -> Iterator[Watched]:
        """Watch one."""
        began, work = time.perf_counter(), Watched()
        span = self._tracer.begin(effect.kind, effect.trace or "", _told(effect))
        try:
            with on_trail(Trail(correlation=effect.correlation, traceparent=span.traceparent)):
                yield work
        finally:
            failed = work.outcome not in _AS_IT_SHOULD
            span.end({"countersign.outcome": work.outcome}, failed=failed)
            self._count(effect, work.outcome, time.perf_counter() - began)


def _told(effect: Effect) -> dict[str, str | int]:
    return {
        "countersign.effect": str(effect.id),
        "countersign.queue": effect.queue,
        "countersign.position": effect.position,
        "countersign.attempt": effect.attempts + effect.crashes + 1,
    }
