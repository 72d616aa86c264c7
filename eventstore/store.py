"""One command's view of the log: what it reads is guarded, what it changes is appended at once."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime
from typing import ClassVar, TypeVar
from uuid import UUID

import msgspec
from eventsourcing.domain import CanMutateAggregate
from sqlalchemy.exc import SQLAlchemyError

from countersign.aggregates.root import DomainError, Root
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.blobs import Blobs
from countersign.eventstore.context import Context
from countersign.eventstore.log import CommandKey, Conflict, Guard
from countersign.eventstore.mapper import EventMapper
from countersign.eventstore.metadata import Metadata
from countersign.eventstore.private_ids import PrivateIds
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.recorder import AppendConflict, LogRecorder
from countersign.eventstore.trail import current_trail

A = TypeVar("A", bound=Root)

logger = logging.getLogger(__name__)


class NotFound(DomainError):
    """There is no such thing, or none that the caller may know of."""

    code: ClassVar[str] = "not_found"
    status: ClassVar[int] = 404


class StaleVersion(DomainError):
    """The thing has changed since the caller last read it."""

    code: ClassVar[str] = "stale_version"
    status: ClassVar[int] = 412


class EventStore:
    """The parts that all commands of a process share."""

    def __init__(
        self,
        recorder: LogRecorder,
        mapper: EventMapper,
        aggregates: Aggregates,
        blobs: Blobs,
        private_ids: PrivateIds,
    ) -> None:
        self.recorder = recorder
        self.mapper = mapper
        self.aggregates = aggregates
        self.blobs = blobs
        self.private_ids = private_ids


class Store:
    """The log as one command sees it, under one name and one key."""

    def __init__(
        self, shared: EventStore, context: Context, command: str, digest: bytes, now: datetime
    ) -> None:
        self.context = context
        self.now = now
        self.blobs = shared.blobs
        self._shared = shared
        self._command = command
        self._digest = digest
        self._actor = context.actor
        self._read: dict[UUID, int] = {}
        self._caught_up: Collection[UUID] | None = None

    def load(self, cls: type[A], stream: UUID, expected_version: int | None = None) -> A:
        """An aggregate that is there, to be changed.

        Raises:
            NotFound: there is none.
            StaleVersion: something that weighs has happened to it since `expected_version`.
        """
        found = self.find(cls, stream)
        if found is None:
            raise NotFound(f"there is no {_spoken(cls)} with the id {stream}")
        if expected_version is not None and not found.is_as_at(expected_version):
            raise StaleVersion(
                f"the {_spoken(cls)} is at version {found.version}, not {expected_version}: read it again"
            )
        return found

    def find(self, cls: type[A], stream: UUID) -> A | None:
        """An aggregate to be changed if it is there; that it is not there is guarded as well."""
        there = self._current(stream)  # whatever it is: what is of another kind is guarded at its version too
        version = there.version if there else 0
        if self._read.setdefault(stream, version) != version:  # what was decided on it first may not hold
            raise AppendConflict(Conflict(stream, self._read[stream], version))
        return there if isinstance(there, cls) else None

    def _current(self, stream: UUID) -> Root | None:
        aggregates, context = self._shared.aggregates, self.context
        if self._caught_up is None:  # who acts is nearly always asked for as well: one round trip for all
            people = (context.actor, context.session or context.actor)
            self._caught_up = aggregates.catch_up({stream, *people})
        known = aggregates.kept(Root, stream) if stream in self._caught_up else None
        return known or aggregates.find(Root, stream)

    def guard(self, cls: type[A], stream: UUID) -> A:
        """An aggregate that decides and is not written: the append is refused if it has moved on.

        Raises:
            NotFound: there is none.
        """
        return self.load(cls, stream)

    def guard_or_none(self, cls: type[A], stream: UUID) -> A | None:
        """As `guard`; None, which is guarded too, when there is none."""
        return self.find(cls, stream)

    def private_id(self, kind: str, value: str) -> UUID:
        """The stream id for a normalised personal value, such as an e-mail address."""
        return self._shared.private_ids.id_of(kind, value)

    def identify(self, actor: UUID) -> None:
        """Say who the caller turned out to be: events are recorded under that name."""
        self._actor = actor

    def save(self, *changed: Root) -> Receipt:
        """Append what the aggregates have decided, all or nothing, with the receipt of the command.

        Raises:
            AppendConflict, CommandRepeated, CommandKeyReused, LogUnavailable: nothing was written.
        """
        streams = tuple((aggregate.id, aggregate.version) for aggregate in changed)
        counts = [len(aggregate.pending_events) for aggregate in changed]
        try:
            position = self._append(changed, streams)
        except BaseException:
            self._shared.aggregates.forget(self._read)
            raise
        for aggregate, stored in zip(changed, counts, strict=True):
            self._keep(aggregate, stored)
        return Receipt(position=position, streams=streams)

    def _append(self, changed: tuple[Root, ...], streams: tuple[tuple[UUID, int], ...]) -> int:
        events = [event for aggregate in changed for event in aggregate.collect_events()]
        written = {event.originator_id for event in events}
        return self._shared.recorder.record(
            [self._shared.mapper.to_stored_event(event) for event in events],
            metadata=[self._metadata(event) for event in events],
            guards=[
                Guard(stream, version) for stream, version in self._read.items() if stream not in written
            ],
            command_key=CommandKey(self.context.actor, self.context.command_key, self._digest),
            receipt=msgspec.json.encode(streams),
        )

    def _metadata(self, event: CanMutateAggregate[UUID]) -> bytes:
        context = self.context
        metadata = Metadata(
            actor=self._actor,
            correlation=context.correlation,
            command=self._command,
            command_key=context.command_key,
            session=context.session,
            on_behalf_of=context.on_behalf_of,
            causation=context.causation,
            client=context.client,
            trace=current_trail().traceparent,
        )
        return self._shared.mapper.encode_metadata(metadata, event.originator_id, event.originator_version)

    def _keep(self, aggregate: Root, stored: int) -> None:
        try:
            self._shared.aggregates.keep(aggregate, stored)
        except SQLAlchemyError:  # the command is accepted; a snapshot that was not taken costs a replay
            logger.warning("no snapshot was taken", extra={"stream": str(aggregate.id)}, exc_info=True)


def _spoken(cls: type[Root]) -> str:
    return cls.TOPIC.replace("_", " ")
