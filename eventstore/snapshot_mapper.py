"""Snapshots as plain JSON: the fields of the aggregate, typed by its annotations, personal values sealed."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import cast, get_type_hints
from uuid import UUID

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from countersign.aggregates.root import Root
from countersign.eventstore.acquaint import acquaint
from countersign.eventstore.field_cipher import FieldCipher
from countersign.eventstore.personal_fields import personal_structure
from countersign.eventstore.topics import Topics


class SnapshotMapper(Mapper[UUID]):
    """Encodes snapshots; one that no longer fits its class is passed over, since it can be replayed."""

    def __init__(self, topics: Topics, cipher: FieldCipher) -> None:
        super().__init__(JSONTranscoder())  # the library wants one; the codec here is msgspec's
        self._topics = topics
        self._fields = cipher
        acquaint(*map(_shape, topics.aggregates()), _Head)

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """The snapshot as a row."""
        snapshot = cast("Root.Snapshot", domain_event)
        stream, version = snapshot.originator_id, snapshot.originator_version
        cls = self._topics.aggregate(snapshot.topic)
        fields = {field.name: snapshot.state[field.name] for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
        state = msgspec.to_builtins(fields)
        if (structure := personal_structure(cls)) is not None:
            self._fields.seal(structure, state, stream, _place(stream, version))
        stored = {
            "topic": snapshot.topic,
            "shape": _shape_of(cls),
            "timestamp": snapshot.timestamp,
            "created_on": snapshot.state["_created_on"],
            "modified_on": snapshot.state["_modified_on"],
            "state": state,
        }
        return StoredEvent(stream, version, Root.Snapshot.TOPIC, msgspec.json.encode(stored))

    def to_domain_event(self, stored_event: StoredEvent) -> Root.Snapshot:
        """The snapshot of a row."""
        stream, version = cast("UUID", stored_event.originator_id), stored_event.originator_version
        stored = msgspec.json.decode(stored_event.state)
        cls = self._topics.aggregate(stored["topic"])
        state = stored["state"]
        if (structure := personal_structure(cls)) is not None:
            self._fields.open(structure, state, _place(stream, version))
        values = msgspec.structs.asdict(msgspec.convert(state, _shape(cls), str_keys=True))
        values["_created_on"] = datetime.fromisoformat(stored["created_on"])
        values["_modified_on"] = datetime.fromisoformat(stored["modified_on"])
        return Root.Snapshot(
            originator_id=stream,
            originator_version=version,
            timestamp=datetime.fromisoformat(stored["timestamp"]),
            topic=stored["topic"],
            state=values,
        )

    def fits(self, stored: bytes) -> bool:
        """Whether a stored snapshot was taken of the class as it is today."""
        head = msgspec.json.decode(stored, type=_Head)
        return head.shape == _shape_of(self._topics.aggregate(head.topic))


class _Head(msgspec.Struct):
    topic: str
    shape: str


@cache
def _shape(cls: type[Root]) -> type[msgspec.Struct]:
    hints = get_type_hints(cls, include_extras=True)
    names = [field.name for field in dataclasses.fields(cls)]  # type: ignore[arg-type]
    return msgspec.defstruct(f"{cls.__name__}State", [(name, hints[name]) for name in names])


@cache
def _shape_of(cls: type[Root]) -> str:
    fields = sorted((name, str(hint)) for name, hint in _shape(cls).__annotations__.items())
    return sha256(repr((getattr(cls, "class_version", 1), fields)).encode()).hexdigest()[:16]


def _place(stream: UUID, version: int) -> str:
    return f"{stream}|{version}|{Root.Snapshot.TOPIC}"
