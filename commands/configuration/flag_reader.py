"""Reading feature flags often without asking the log each time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Final

from countersign.aggregates.feature_flags import FEATURE_FLAGS_ID, FeatureFlags
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.outage import DatabaseUnavailable

logger = logging.getLogger(__name__)

FRESH_S: Final = 0.75
"""For how long a process goes by what it knows: with the look-up itself, a change is seen within a second."""
AWAY_S: Final = 5.0
"""How long a process leaves a database alone that did not answer, since each look may wait for a time-out."""


class FlagReader:
    """The flags as this process knows them: as somebody set them, else as configured.

    While the log cannot be read, what was known last holds.
    """

    def __init__(
        self, aggregates: Aggregates, configured: Mapping[str, bool], monotonic: Callable[[], float]
    ) -> None:
        self._aggregates = aggregates
        self._monotonic = monotonic
        self._looking = threading.Lock()
        self._look_at = monotonic()
        self._known: FeatureFlags | None = None
        self.configured = configured

    def enabled(self, name: str) -> bool:
        """Whether a part of the service is switched on."""
        state = None
        if (known := self.known()) is not None:
            state = known.state_of(name)
        return self.configured[name] if state is None else state

    def known(self) -> FeatureFlags | None:
        """The list of what was set; None when nobody ever set a flag."""
        if self._monotonic() >= self._look_at and self._looking.acquire(blocking=False):
            try:
                self._look_at = self._monotonic() + self._look()
            finally:
                self._looking.release()
        return self._known

    def _look(self) -> float:
        """Look, and say after how many seconds to look again."""
        try:
            self._known = self._aggregates.find(FeatureFlags, FEATURE_FLAGS_ID)
        except DatabaseUnavailable as away:
            logger.warning("feature flags stay as they were", extra={"reason": str(away)})
            return AWAY_S
        return FRESH_S
