"""A process was told to read its settings again, and they were wrong."""

from __future__ import annotations

from dataclasses import dataclass

from countersign.aggregates.configuration import CONFIGURATION_ID, Configuration
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRejection:
    source: str
    errors: tuple[str, ...]


def record_rejection(command: RecordRejection, store: Store) -> Receipt:
    """Note which settings were wrong and where they are written, never what was written."""
    permit(store, "RecordRejection")
    configuration = store.find(Configuration, CONFIGURATION_ID) or Configuration.open(store.now)
    configuration.reject(store.now, command.source, command.errors)
    return store.save(configuration)
