"""A command's view of the log in which everything is decided and nothing is written."""

from __future__ import annotations

from countersign.aggregates.root import Root
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


class Rehearsal(Store):
    """For a trial: its receipt has position 0, since there is none at which anything could be read."""

    def save(self, *changed: Root) -> Receipt:
        """What the aggregates have decided is dropped."""
        return Receipt(position=0, streams=tuple((aggregate.id, aggregate.version) for aggregate in changed))
