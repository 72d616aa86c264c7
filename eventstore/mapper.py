"""Between events and what the log stores: plain JSON, upcast to today's shape, personal values sealed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Final, NamedTuple, cast
from uuid import UUID

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from countersign.aggregates.root import Root, event_id
from countersign.eventstore.acquaint import acquaint
from countersign.eventstore.event_decoder import EventDecoder, UnreadableEvent, topic_of
from countersign.eventstore.field_cipher import FieldCipher
from countersign.eventstore.log import Recorded
from countersign.eventstore.metadata import Client, Metadata, Provenance
from countersign.eventstore.personal_fields import personal_structure
from countersign.eventstore.topics import Topics

_METADATA: Final = "metadata"
_ELSEWHERE: Final = ("originator_id", "originator_version")  # columns of the row, not part of the state


Contents = Callable[[str], bytes]
"""The content that an event names by its SHA-256: the same bytes each time, as if they were part of it."""


def no_contents(digest: str) -> bytes:
    """What an event names where nothing is stored beside the log.

    Raises:
        LookupError: always.
    """
    raise LookupError(f"no content is stored under {digest}")


class Happened(NamedTuple):
    """An event of the log with its place: what projections and reactions are given."""

    event: Root.Event
    position: int
    stream: UUID
    version: int
    topic: str
    recorded_at: datetime
    metadata: Provenance
    contents: Contents = no_contents
    open_client: Callable[[], Client] = Client

    @property
    def event_id(self) -> UUID:
        """What others name it by."""
        return event_id(self.stream, self.version)

    @property
    def client(self) -> Client:
        """The machine that its command came from; its address is opened for those only who ask."""
        return self.open_client()


class EventMapper(Mapper[UUID]):
    """Encodes events for the log and decodes them again, exactly."""

    def __init__(self, topics: Topics, cipher: FieldCipher, contents: Contents = no_contents) -> None:
        super().__init__(JSONTranscoder())  # the library wants one; the codec here is msgspec's
        self._fields = cipher
        self._contents = contents
        acquaint(*topics.events(), Metadata, Provenance)
        self._events = EventDecoder(topics, cipher)
        self._provenance = msgspec.json.Decoder(Provenance)

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """The event as a row of its stream."""
        event = cast("Root.Event", domain_event)
        state = msgspec.to_builtins(vars(event))
        for name in _ELSEWHERE:
            del state[name]
        if event.class_version > 1:
            state["class_version"] = event.class_version
        structure = personal_structure(type(event))
        topic = topic_of(type(event))
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
        return self._events.decode(
            stream, stored_event.originator_version, stored_event.topic, stored_event.state
        )

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
        position, stream, version, topic, recorded_at, state, metadata = recorded
        return Happened(
            self._events.decode(stream, version, topic, state),
            position,
            stream,
            version,
            topic,
            recorded_at,
            self._decode_provenance(recorded),
            self._contents,
            partial(self._open_client, stream, version, metadata),
        )

    def _decode_provenance(self, recorded: Recorded) -> Provenance:
        try:
            return self._provenance.decode(recorded.metadata)
        except ValueError as error:
            place = f"version {recorded.version} of {recorded.stream}"
            raise UnreadableEvent(f"metadata of {place}: {error}") from error

    def _open_client(self, stream: UUID, version: int, stored: bytes) -> Client:
        state: dict[str, Any] = msgspec.json.decode(stored)
        structure = personal_structure(Metadata)
        if structure is not None:
            self._fields.open(structure, state, _place(stream, version, _METADATA))
        return msgspec.convert(state, Metadata).client


def _place(stream: UUID, version: int, topic: str) -> str:
    return f"{stream}|{version}|{topic}"
