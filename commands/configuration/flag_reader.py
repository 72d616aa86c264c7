"""Reading feature flags often without asking the log each time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from countersign.aggregates.feature_flags import FEATURE_FLAGS_ID, FeatureFlags
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.watched import Watched


class FlagReader:
    """The flags as this process knows them: as somebody set them, else as configured.

    While the log cannot be read, what was known last holds.
    """

    def __init__(
        self, aggregates: Aggregates, configured: Mapping[str, bool], monotonic: Callable[[], float]
    ) -> None:
        self._flags = Watched(aggregates, FeatureFlags, FEATURE_FLAGS_ID, monotonic)
        self.configured = configured

    def enabled(self, name: str) -> bool:
        """Whether a part of the service is switched on."""
        state = None
        if (known := self.known()) is not None:
            state = known.state_of(name)
        return self.configured[name] if state is None else state

    def known(self) -> FeatureFlags | None:
        """The list of what was set; None when nobody ever set a flag."""
        return self._flags.known()
