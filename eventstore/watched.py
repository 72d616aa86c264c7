"""An aggregate that every request asks for: looked up once a second at most, kept while the log is away."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final, Generic, TypeVar
from uuid import UUID

from countersign.aggregates.root import Root
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.outage import DatabaseUnavailable

logger = logging.getLogger(__name__)
A = TypeVar("A", bound=Root)

FRESH_S: Final = 0.75
"""For how long a process goes by what it knows: with the look-up itself, a change is seen within a second."""
AWAY_S: Final = 5.0
"""How long a process leaves a database alone that did not answer, since each look may wait for a time-out."""


class Watched(Generic[A]):
    """One stream, as this process knows it. Nothing is asked while nobody asks for it."""

    def __init__(
        self, aggregates: Aggregates, cls: type[A], stream: UUID, monotonic: Callable[[], float]
    ) -> None:
        self._aggregates = aggregates
        self._cls = cls
        self._stream = stream
        self._monotonic = monotonic
        self._looking = threading.Lock()
        self._look_at: float | None = None
        self._known: A | None = None

    def known(self) -> A | None:
        """The aggregate, shared by all who ask; None when there is none, or the log was never reached."""
        # At first all wait for the answer; later one looks, and the others go by what is known.
        if self._is_due() and self._looking.acquire(blocking=self._look_at is None):
            try:
                if self._is_due():
                    self._look_at = self._look()
            finally:
                self._looking.release()
        return self._known

    def _is_due(self) -> bool:
        return self._look_at is None or self._monotonic() >= self._look_at

    def _look(self) -> float:
        """Look, and say when to look again."""
        try:
            self._known = self._aggregates.find(self._cls, self._stream)
        except DatabaseUnavailable as away:
            logger.warning(
                "not looked up, kept as it was known",
                extra={"aggregate": self._cls.TOPIC, "reason": str(away)},
            )
            return self._monotonic() + AWAY_S
        return self._monotonic() + FRESH_S
