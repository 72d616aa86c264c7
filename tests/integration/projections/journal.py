"""Writes events of any aggregate into a real log, for tests of what is read from it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from countersign.aggregates.root import Root, event_id
from countersign.cli.aggregate_classes import AGGREGATES
from countersign.eventstore.databases import Databases
from countersign.eventstore.log import Append, Appended, Log, NewEvent
from countersign.eventstore.metadata import Metadata
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_store import StoreOptions, create_tables, open_store
from countersign.eventstore.wakeups import Wakeups
from countersign.projections.building.schema import create
from countersign.projections.catalogue import PROJECTIONS

OPTIONS = StoreOptions(master_key=b"m" * 32, lookup_key=b"l" * 32)
BEGIN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ENGINEER, MANAGER = UUID(int=101), UUID(int=102)


@dataclass
class Journal:
    """What has happened so far; each event is decided a minute after the one before."""

    databases: Databases
    wakeups: Wakeups
    versions: Counter[UUID] = field(default_factory=Counter)
    minutes: int = 0

    def __post_init__(self) -> None:
        self.log: Log = open_log(self.databases, self.wakeups)
        self.store = open_store(self.databases, self.log, AGGREGATES, OPTIONS)

    def create_tables(self) -> None:
        create_tables(self.databases)
        create(self.databases.read, PROJECTIONS)

    def happen(self, stream: UUID, event: type[Root.Event], actor: UUID = ENGINEER, **fields: Any) -> UUID:
        """Append one event and give its id."""
        return self.happen_all([self.made(stream, event, **fields)], actor)

    def made(self, stream: UUID, event: type[Root.Event], **fields: Any) -> Root.Event:
        """An event that is not in the log yet."""
        self.versions[stream] += 1
        self.minutes += 1
        if issubclass(event, Root.Created):
            fields["originator_topic"] = event.TOPIC.partition(".")[0]  # type: ignore[attr-defined]
        at = BEGIN + timedelta(minutes=self.minutes)
        return event(originator_id=stream, originator_version=self.versions[stream], timestamp=at, **fields)

    def happen_all(self, events: list[Root.Event], actor: UUID = ENGINEER) -> UUID:
        """Append several events at once and give the id of the last."""
        outcome = self.log.append(Append(tuple(self._encoded(event, actor) for event in events)))
        assert isinstance(outcome, Appended)
        return event_id(events[-1].originator_id, events[-1].originator_version)

    def _encoded(self, event: Root.Event, actor: UUID) -> NewEvent:
        mapper = self.store.mapper
        stored = mapper.to_stored_event(event)
        stream, version = event.originator_id, event.originator_version
        metadata = Metadata(actor=actor, correlation="trail", command="SomeCommand", command_key="key")
        return NewEvent(
            stream, version, stored.topic, stored.state, mapper.encode_metadata(metadata, stream, version)
        )
