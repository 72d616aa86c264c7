"""Single events of the past."""

from __future__ import annotations

from uuid import UUID

from countersign.aggregates.root import Root
from countersign.eventstore.log import Log
from countersign.eventstore.mapper import EventMapper


class History:
    """Reads what an effect was caused by; the effect itself holds only where it stands."""

    def __init__(self, log: Log, mapper: EventMapper) -> None:
        self._log = log
        self._mapper = mapper

    def event(self, stream: UUID, version: int) -> Root.Event:
        """The event at that version of that stream."""
        (recorded,) = self._log.stream(stream, after_version=version - 1, up_to_version=version)
        return self._mapper.happened(recorded).event
