"""The log as the `eventsourcing` library sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from eventsourcing.persistence import ApplicationRecorder, Notification, StoredEvent, Subscription

from countersign.eventstore.log import (
    Append,
    Appended,
    CommandKey,
    Conflict,
    Guard,
    KeyReused,
    Log,
    NewEvent,
    Outcome,
    Recorded,
    Repeated,
)


class AppendConflict(Exception):
    """A stream had moved on when the append reached the lock; nothing was written."""

    def __init__(self, conflict: Conflict) -> None:
        super().__init__(f"{conflict.stream} is at {conflict.actual}, not {conflict.expected}")
        self.conflict = conflict


class CommandRepeated(Exception):
    """The command key was used before with the same body; nothing was written again."""

    def __init__(self, repeated: Repeated) -> None:
        super().__init__(f"first recorded at position {repeated.position}")
        self.repeated = repeated


class CommandKeyReused(Exception):
    """The command key was used before with another body; nothing was written."""


class LogRecorder(ApplicationRecorder):
    """Records and reads the events of a `Log`."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """Append events, all or none, and give their positions; see `record` for the keywords."""
        position = self.record(stored_events, **kwargs)
        return range(position - len(stored_events) + 1, position + 1)

    def record(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        metadata: Sequence[bytes],
        guards: Sequence[Guard] = (),
        command_key: CommandKey | None = None,
        receipt: bytes = b"",
    ) -> int:
        """Append events with their metadata and give the position that the log has reached.

        Raises:
            AppendConflict, CommandRepeated, CommandKeyReused: nothing was written.
        """
        events = tuple(_new_event(*each) for each in zip(stored_events, metadata, strict=True))
        return _accepted(self._log.append(Append(events, tuple(guards), command_key, receipt)))

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The events of a stream."""
        rows = self._log.stream(cast("UUID", originator_id), gt or 0, lte)
        ordered = rows[::-1] if desc else rows
        return [_stored(row) for row in ordered[:limit]]

    def select_streams(self, after: Mapping[UUID, int]) -> Mapping[UUID, Sequence[StoredEvent]]:
        """The events of several streams behind the given versions, in one round trip."""
        found = self._log.streams(after)
        return {stream: [_stored(row) for row in rows] for stream, rows in found.items()}

    def head_unless_gone_on(self, after: Mapping[UUID, int]) -> int | None:
        """See `Log`."""
        return self._log.head_unless_gone_on(after)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """A page of the whole log, in order."""
        after = (start or 0) - 1 if start and inclusive_of_start else start or 0
        found: list[Notification] = []
        while len(found) < limit and (page := self._log.read(after, limit)):
            after = page[-1].position
            found += [_notification(row) for row in page if _wanted(row, stop, topics)]
            if stop is not None and after >= stop:
                break
        return found[:limit]

    def max_notification_id(self) -> int | None:
        """The position that the log has reached, or None while it is empty."""
        return self._log.head() or None

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        """Refused: a tailing reader follows the log through `countersign.eventstore.subscription`.

        Raises:
            LookupError: always.
        """
        raise LookupError("follow the log with countersign.eventstore.subscription, which also wakes up")


def _new_event(stored: StoredEvent, metadata: bytes) -> NewEvent:
    return NewEvent(
        cast("UUID", stored.originator_id), stored.originator_version, stored.topic, stored.state, metadata
    )


def _stored(row: Recorded) -> StoredEvent:
    return StoredEvent(row.stream, row.version, row.topic, row.state)


def _notification(row: Recorded) -> Notification:
    return Notification(row.stream, row.version, row.topic, row.state, row.position)


def _wanted(row: Recorded, stop: int | None, topics: Sequence[str]) -> bool:
    return (stop is None or row.position <= stop) and (not topics or row.topic in topics)


def _accepted(outcome: Outcome) -> int:
    match outcome:
        case Appended():
            return outcome.position
        case Repeated():
            raise CommandRepeated(outcome)
        case KeyReused():
            raise CommandKeyReused
        case Conflict():
            raise AppendConflict(outcome)
