"""The bases of the domain: aggregates with pinned topics, personal fields, and rules that can be broken."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar, Self, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.domain import AggregateCreated, AggregateEvent, BaseAggregate, CanMutateAggregate
from eventsourcing.domain import Snapshot as LibrarySnapshot

NAMESPACE = uuid5(NAMESPACE_URL, "urn:countersign")
PERSONAL = "personal"
DISPOSABLE = "disposable"
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Erased:
    """Stands where a person's value was, once the key of that person has been destroyed."""

    subject: UUID

    def __str__(self) -> str:
        return "(erased)"


Personal = Annotated[str | Erased, PERSONAL]
"""A value that belongs to a person: stored encrypted under that person's key, `Erased` after erasure.

Whose it is: the field named by `SUBJECT` of the structure that holds it. An event's default is its own
stream; a nested structure's default is its field `subject`.
"""

Disposable = Annotated[V, DISPOSABLE]
"""A value that vanishes with its stream: stored encrypted, as a whole, under a key of the stream.

Once the key has been destroyed it is the empty value of its type: "", (), {} or None.
"""


class DomainError(Exception):
    """A rule of the domain was broken; nothing was written.

    `code` is stable and public. `status` is the HTTP status an API answers with. `pointers` lists what is
    wrong, each with a JSON pointer into the command (`""` for the whole). `retry_after_s` says when the same
    command may be given again, where time alone mends it.
    """

    code: ClassVar[str] = "rule_broken"
    status: ClassVar[int] = 409
    retry_after_s: int | None = None

    def __init__(self, detail: str, pointers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.pointers = pointers


class ClockRefused(TypeError):
    """An event was triggered without `timestamp=`: the domain never asks the clock."""


def derived_id(kind: str, *parts: str) -> UUID:
    """The id of a stream that is found by what it is about, such as a slug or a singleton."""
    return uuid5(NAMESPACE, json.dumps([kind, *parts], ensure_ascii=False, separators=(",", ":")))


def event_id(stream: UUID, version: int) -> UUID:
    """The id of the event at that version of that stream."""
    return uuid5(stream, str(version))


class Root(BaseAggregate[UUID]):
    """An aggregate: one consistency boundary, one stream.

    Folds replace values and never change one in place, so that a shallow copy is a safe copy.
    """

    TOPIC: ClassVar[str]

    class Event(AggregateEvent):
        """A fact of this aggregate's past. `apply` is its effect."""

        SUBJECT: ClassVar[str] = "originator_id"
        class_version: ClassVar[int] = 1

    class Created(Event, AggregateCreated):
        """The first fact of an aggregate."""

    class Snapshot(LibrarySnapshot):
        """The state of an aggregate at a version, so that a long past need not be replayed."""

        TOPIC = "snapshot"

    def is_as_at(self, version: int) -> bool:
        """Whether who has read it at that version has read all that weighs for a decision on it."""
        return version == self.version

    @classmethod
    def _create(
        cls,
        event_class: type[Any],
        *,
        id: UUID | None = None,
        **kwargs: Any,
    ) -> Self:
        _require_timestamp(event_class, kwargs)
        return super()._create(event_class, id=id, **kwargs)

    def trigger_event(self, event_class: type[CanMutateAggregate[UUID]], **kwargs: Any) -> None:
        """Record a fact that was decided at `timestamp`.

        Raises:
            ClockRefused: without `timestamp=`.
        """
        _require_timestamp(event_class, kwargs)
        super().trigger_event(event_class, **kwargs)


def _require_timestamp(event_class: type[Any], kwargs: Mapping[str, Any]) -> None:
    at = kwargs.get("timestamp")
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise ClockRefused(f"{event_class.__qualname__} needs timestamp= with a time zone")
