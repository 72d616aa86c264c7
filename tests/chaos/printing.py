"""What the log tells of documents that are made, read on as it grows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from uuid import UUID

from countersign.aggregates.rendering import Rendering
from tests.integration.workers.plant import Plant

PAGE = 5_000
OF_DOCUMENTS = f"{Rendering.TOPIC}."


class Printing:
    """Who has begun which document, how often each was begun and made, and which were given up."""

    def __init__(self, plant: Plant, ordered: Collection[UUID]) -> None:
        self._plant = plant
        self._ordered = frozenset(ordered)
        self._position = 0
        self._begun: dict[UUID, str] = {}
        self.beginnings = 0
        self.made: Counter[UUID] = Counter()
        self.given_up: set[UUID] = set()

    def read_on(self) -> Printing:
        """Take in what has happened since."""
        while page := self._plant.log.read(self._position, PAGE):
            for stored in page:
                if stored.topic.startswith(OF_DOCUMENTS) and stored.stream in self._ordered:
                    self._take(stored.stream, self._plant.store.mapper.happened(stored).event)
            self._position = page[-1].position
        return self

    def busy(self, workers: Collection[str]) -> set[str]:
        """Who of these has begun a document that is not made."""
        return set(self._begun.values()) & set(workers)

    @property
    def settled(self) -> int:
        """How many were made or given up."""
        return len(self.made.keys() | self.given_up)

    def _take(self, document: UUID, event: object) -> None:
        match event:
            case Rendering.Started(worker=worker):
                self._begun[document] = worker
                self.beginnings += 1
            case Rendering.Completed():
                del self._begun[document]
                self.made[document] += 1
            case Rendering.DeadLettered():
                self.given_up.add(document)
            case Rendering.Retried():
                self.given_up.discard(document)
