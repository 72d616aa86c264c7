"""Between events and what the log stores: plain JSON, upcast to today's shape, personal values sealed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from countersign.aggregates.root import Root, event_id
from countersign.eventstore.acquaint import acquaint
from countersign.eventstore.field_cipher import FieldCipher
from countersign.eventstore.log import Recorded
from countersign.eventstore.metadata import Metadata
from countersign.eventstore.personal_fields import personal_structure
from countersign.eventstore.topics import Topics

_METADATA: Final = "metadata"
_ELSEWHERE: Final = ("originator_id", "originator_version")  # columns of the row, not part of the state


Contents = Callable[[str], bytes]
"""The content that an event names by its SHA-256: the same bytes each time, as if they were part of it."""


class UnreadableEvent(ValueError):
    """A stored event could not be decoded; the message names its place and the reason."""


def no_contents(digest: str) -> bytes:
    """What an event names where nothing is stored beside the log.

    Raises:
        LookupError: always.
    """
    raise LookupError(f"no content is stored under {digest}")


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of the log with its place: what projections and reactions are given."""

    event: Root.Event
    position: int
    stream: UUID
    version: int
    event_id: UUID
    topic: str
    recorded_at: datetime
    metadata: Metadata
    contents: Contents = no_contents


class EventMapper(Mapper[UUID]):
    """Encodes events for the log and decodes them again, exactly."""

    def __init__(self, topics: Topics, cipher: FieldCipher, contents: Contents = no_contents) -> None:
        super().__init__(JSONTranscoder())  # the library wants one; the codec here is msgspec's
        self._topics = topics
        self._fields = cipher
        self._contents = contents
        acquaint(*topics.events(), Metadata)

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """The event as a row of its stream."""
        event = cast("Root.Event", domain_event)
        state = msgspec.to_builtins(vars(event))
        for name in _ELSEWHERE:
            del state[name]
        if event.class_version > 1:
            state["class_version"] = event.class_version
        structure = personal_structure(type(event))
        topic: str = type(event).TOPIC  # type: ignore[attr-defined]
        stream, version = event.originator_id, event.originator_version
        if structure is not None:
            self._fields.seal(structure, state, stream, _place(stream, version, topic))
        return StoredEvent(stream, version, topic, msgspec.json.encode(state))

    def to_domain_event(self, stored_event: StoredEvent) -> Root.Event:
        """The event of a row, in today's shape.

        Raises:
            UnknownTopic: no class is registered for it.
            UnreadableEvent: its state does not fit the class.
        """
        stream = cast("UUID", stored_event.originator_id)
        return self._decode(stream, stored_event.originator_version, stored_event.topic, stored_event.state)

    def encode_metadata(self, metadata: Metadata, stream: UUID, version: int) -> bytes:
        """The metadata of one event as stored beside it."""
        state = msgspec.to_builtins(metadata)
        structure = personal_structure(Metadata)
        if structure is not None:
            self._fields.seal(structure, state, metadata.actor, _place(stream, version, _METADATA))
        return msgspec.json.encode(state)

    def happened(self, recorded: Recorded) -> Happened:
        """A row of the log as projections and reactions see it.

        Raises:
            UnknownTopic, UnreadableEvent: as `to_domain_event`.
        """
        return Happened(
            event=self._decode(recorded.stream, recorded.version, recorded.topic, recorded.state),
            position=recorded.position,
            stream=recorded.stream,
            version=recorded.version,
            event_id=event_id(recorded.stream, recorded.version),
            topic=recorded.topic,
            recorded_at=recorded.recorded_at,
            metadata=self._decode_metadata(recorded),
            contents=self._contents,
        )

    def _decode(self, stream: UUID, version: int, topic: str, stored: bytes) -> Root.Event:
        cls = self._topics.event(topic)
        try:
            state = msgspec.json.decode(stored)
            _upcast(cls, state)
            if "originator_topic" in state:
                self._topics.aggregate(state["originator_topic"])
            if (structure := personal_structure(cls)) is not None:
                self._fields.open(structure, state, stream, _place(stream, version, topic))
            return msgspec.convert(state | {"originator_id": stream, "originator_version": version}, cls)
        except (msgspec.MsgspecError, ValueError, KeyError, TypeError) as error:
            raise UnreadableEvent(f"{topic} at version {version} of {stream}: {error}") from error

    def _decode_metadata(self, recorded: Recorded) -> Metadata:
        state: dict[str, Any] = msgspec.json.decode(recorded.metadata)
        structure = personal_structure(Metadata)
        if structure is not None:
            place = _place(recorded.stream, recorded.version, _METADATA)
            self._fields.open(structure, state, UUID(state["actor"]), place)
        return msgspec.convert(state, Metadata)


def _upcast(cls: type[Root.Event], state: dict[str, Any]) -> None:
    for version in range(state.pop("class_version", 1), cls.class_version):
        getattr(cls, f"upcast_v{version}_v{version + 1}")(state)


def _place(stream: UUID, version: int, topic: str) -> str:
    return f"{stream}|{version}|{topic}"
