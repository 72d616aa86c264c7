"""The known classes behind the topics that rows name; a row never causes an import."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from countersign.aggregates.root import Root


class UnknownTopic(LookupError):
    """A stored row names a topic that this version of the program does not know."""


class Topics:
    """Finds the class of a stored event or aggregate by its pinned topic.

    Raises:
        ValueError: when two classes claim one topic, or one has none.
    """

    def __init__(self, aggregates: Iterable[type[Root]]) -> None:
        self._aggregates: dict[str, type[Root]] = {}
        self._events: dict[str, type[Root.Event]] = {}
        for aggregate in aggregates:
            _claim(self._aggregates, aggregate)
            for event in events_of(aggregate):
                _claim(self._events, event)

    def event(self, topic: str) -> type[Root.Event]:
        """The event class of a topic.

        Raises:
            UnknownTopic: it is not one of the registered classes.
        """
        try:
            return self._events[topic]
        except KeyError:
            raise UnknownTopic(f"no event class is registered for the topic {topic!r}") from None

    def aggregate(self, topic: str) -> type[Root]:
        """The aggregate class of a topic.

        Raises:
            UnknownTopic: it is not one of the registered classes.
        """
        try:
            return self._aggregates[topic]
        except KeyError:
            raise UnknownTopic(f"no aggregate class is registered for the topic {topic!r}") from None

    def events(self) -> Iterator[type[Root.Event]]:
        """Every event class that may be stored."""
        yield from self._events.values()

    def aggregates(self) -> Iterator[type[Root]]:
        """Every aggregate class that may be stored."""
        yield from self._aggregates.values()


def events_of(aggregate: type[Root]) -> Iterator[type[Root.Event]]:
    """The concrete event classes that an aggregate declares."""
    for value in vars(aggregate).values():
        if isinstance(value, type) and issubclass(value, Root.Event) and getattr(value, "TOPIC", None):
            yield value


def _claim(known: dict[str, Any], claimant: type) -> None:
    topic = getattr(claimant, "TOPIC", None)
    if not isinstance(topic, str) or known.setdefault(topic, claimant) is not claimant:
        raise ValueError(f"{claimant.__qualname__} needs a topic of its own, not {topic!r}")
