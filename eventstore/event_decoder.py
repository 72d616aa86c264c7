"""From the stored state to the event in today's shape."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec

from countersign.aggregates.root import Root
from countersign.eventstore.field_cipher import FieldCipher
from countersign.eventstore.personal_fields import personal_structure
from countersign.eventstore.topics import Topics


class UnreadableEvent(ValueError):
    """A stored event could not be decoded; the message names its place and the reason."""


class EventDecoder:
    """Most events are stored as they are today and decoded in one step.

    The others go through plain values, which are brought to today's version and whose personal values are
    opened, before they become an event.
    """

    def __init__(self, topics: Topics, cipher: FieldCipher) -> None:
        self._topics = topics
        self._fields = cipher
        self._direct: dict[str, Callable[[bytes], Root.Event]] = {
            topic_of(cls): msgspec.json.Decoder(cls).decode
            for cls in topics.events()
            if cls.class_version == 1 and personal_structure(cls) is None
        }

    def decode(self, stream: UUID, version: int, topic: str, stored: bytes) -> Root.Event:
        """The event of a row.

        Raises:
            UnknownTopic: no class is registered for it.
            UnreadableEvent: its state does not fit the class.
        """
        try:
            direct = self._direct.get(topic)
            if direct is None:
                return self._by_plain_values(stream, version, topic, stored)
            event = direct(
                b'%s,"originator_id":"%s","originator_version":%d}' % (stored[:-1], _text(stream), version)
            )
            if isinstance(event, Root.Created):
                self._topics.aggregate(event.originator_topic)
            return event
        except (msgspec.MsgspecError, ValueError, KeyError, TypeError) as error:
            raise UnreadableEvent(f"{topic} at version {version} of {stream}: {error}") from error

    def _by_plain_values(self, stream: UUID, version: int, topic: str, stored: bytes) -> Root.Event:
        cls = self._topics.event(topic)
        state = msgspec.json.decode(stored)
        _upcast(cls, state)
        if "originator_topic" in state:
            self._topics.aggregate(state["originator_topic"])
        if (structure := personal_structure(cls)) is not None:
            self._fields.open(structure, state, f"{stream}|{version}|{topic}")
        return msgspec.convert(state | {"originator_id": stream, "originator_version": version}, cls)


@lru_cache(maxsize=8192)
def _text(stream: UUID) -> bytes:
    return str(stream).encode()


def topic_of(event: type[Root.Event]) -> str:
    """The pinned name of an event class."""
    topic: str = event.TOPIC  # type: ignore[attr-defined]
    return topic


def _upcast(cls: type[Root.Event], state: dict[str, Any]) -> None:
    for version in range(state.pop("class_version", 1), cls.class_version):
        getattr(cls, f"upcast_v{version}_v{version + 1}")(state)
