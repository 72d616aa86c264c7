"""A process has taken up other settings while it runs."""

from __future__ import annotations

from dataclasses import dataclass

from countersign.aggregates.configuration import CONFIGURATION_ID, Configuration
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReload:
    source: str
    digest: str
    changed: tuple[str, ...]
    restart_needed: tuple[str, ...]


def record_reload(command: RecordReload, store: Store) -> Receipt:
    """Note which settings came into force, never their values."""
    permit(store, "RecordReload")
    configuration = store.find(Configuration, CONFIGURATION_ID) or Configuration.open(store.now)
    configuration.reload(store.now, command.source, command.digest, command.changed, command.restart_needed)
    return store.save(configuration)
