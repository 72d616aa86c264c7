"""Notices statements that took long; what they were given is never among what it keeps."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock, Timer
from typing import Any, Final

from sqlalchemy import Connection, Engine, event

from countersign.eventstore.outage import DatabaseUnavailable

logger = logging.getLogger(__name__)

_LONGEST: Final = 4_000
_MOST: Final = 500
_PLACES: Final = re.compile(r"(?:(?:\?|%s|%\(\w+\)s)(?:::\w+)?\s*,\s*)+(?:\?|%s|%\(\w+\)s)(?:::\w+)?")
_LISTS: Final = re.compile(r"\(\.\.\.\)(?:\s*,\s*\(\.\.\.\))+")


@dataclass(frozen=True, slots=True)
class Slow:
    """A statement, and how it went since it was last told; times in milliseconds."""

    statement: str
    calls: int
    total_ms: float
    longest_ms: float
    last_at: datetime

    def and_then(self, later: Slow) -> Slow:
        """Both together."""
        return replace(
            later,
            calls=self.calls + later.calls,
            total_ms=self.total_ms + later.total_ms,
            longest_ms=max(self.longest_ms, later.longest_ms),
        )


Keep = Callable[[Iterable[Slow]], None]


class SlowWatch:
    """Counts in memory, and has what was counted kept `flush_s` seconds after a first slow statement.

    A process that is killed loses what it has counted since. A `threshold_ms` of 0 watches nothing.
    """

    def __init__(self, threshold_ms: int, flush_s: float = 10.0) -> None:
        self._threshold_ms = threshold_ms
        self._flush_s = flush_s
        self._keep: Keep | None = None
        self._lock = Lock()
        self._counted: dict[str, Slow] = {}
        self._timer: Timer | None = None

    def attach(self, engine: Engine) -> None:
        """Watch the statements of an engine."""
        if self._threshold_ms:
            event.listen(engine, "before_cursor_execute", _began)
            event.listen(engine, "after_cursor_execute", self._ended)

    def keep_with(self, keep: Keep) -> None:
        """Say where what was counted goes; until then it is told to the log only."""
        self._keep = keep

    def close(self) -> None:
        """Have the last ones kept; no more are."""
        self.flush()
        self._keep = None

    def flush(self) -> None:
        """Have what was counted kept; what cannot be kept now is for the next time."""
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
            counted, self._counted, self._timer = self._counted, {}, None
        if not counted or self._keep is None:
            return
        try:
            self._keep(counted.values())
        except DatabaseUnavailable as away:
            logger.warning("slow statements are kept later", extra={"reason": str(away)})
            for slow in counted.values():
                self._note(slow)

    def _ended(
        self,
        _connection: Connection,
        _cursor: object,
        statement: str,
        _given: object,
        context: Any,
        _many: bool,
    ) -> None:
        took_ms = (time.perf_counter() - getattr(context, _BEGAN, time.perf_counter())) * 1_000
        if took_ms < self._threshold_ms:
            return
        said = without_places(statement)
        logger.warning("slow statement", extra={"duration_ms": round(took_ms, 1), "statement": said})
        self._note(Slow(said, 1, took_ms, took_ms, datetime.now(UTC)))

    def _note(self, slow: Slow) -> None:
        with self._lock:
            before = self._counted.get(slow.statement)
            if before is None and len(self._counted) >= _MOST:
                return
            self._counted[slow.statement] = before.and_then(slow) if before else slow
            if self._timer is None and self._keep is not None:
                self._timer = Timer(self._flush_s, self.flush)
                self._timer.daemon = True
                self._timer.start()


_BEGAN: Final = "_countersign_began"


def _began(
    _connection: Connection, _cursor: object, _statement: str, _given: object, context: Any, _many: bool
) -> None:
    setattr(context, _BEGAN, time.perf_counter())


def without_places(statement: str) -> str:
    """A statement in which lists of places are written as dots, so that lists of any length are the same."""
    return _LISTS.sub("(...)", _PLACES.sub("...", " ".join(statement.split())))[:_LONGEST]
