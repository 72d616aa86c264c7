"""The log in a PostgreSQL database."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from countersign.eventstore.admission import MAX_VERSION, admit, size_bytes
from countersign.eventstore.decision import outcome
from countersign.eventstore.group_commit import GroupCommit
from countersign.eventstore.log import (
    Append,
    Appended,
    Conflict,
    LogUnavailable,
    Outcome,
    Recorded,
    StoredReceipt,
)
from countersign.eventstore.outage import outages
from countersign.eventstore.per_process import PerProcess
from countersign.eventstore.postgres_append import Answer, PostgresAppend
from countersign.eventstore.postgres_batch import EncodedAppend, encode
from countersign.eventstore.postgres_connections import PostgresConnections
from countersign.eventstore.postgres_page import read_page
from countersign.eventstore.wakeups import LOG, Wakeups

_STREAM = """
    SELECT position, stream, version, topic, recorded_at, state, metadata
    FROM log.events WHERE stream = %s::uuid AND version > %s AND version <= %s ORDER BY version"""
_STREAMS = """
    SELECT e.position, e.stream, e.version, e.topic, e.recorded_at, e.state, e.metadata
    FROM unnest(%s::uuid[], %s::int[]) AS wanted (stream, version)
    JOIN log.events e ON e.stream = wanted.stream AND e.version > wanted.version
    ORDER BY e.stream, e.version"""
_RECEIPT = "SELECT digest, position, receipt FROM log.command_keys WHERE actor = %s::uuid AND key = %s"
_HEAD = "SELECT coalesce(max(position), 0) FROM log.events"
_HEAD_UNLESS_GONE_ON = "SELECT log.head_unless_gone_on(%s::uuid[], %s::int[])"
_TIME = "SELECT recorded_at FROM log.events WHERE position = %s"


class PostgresLog:
    """See `Log`."""

    def __init__(self, connections: PostgresConnections, wakeups: Wakeups) -> None:
        self._pool = connections.pool
        self._time_outs = connections.time_outs.sql()
        self._append = PostgresAppend(connections)
        self._wakeups = wakeups
        self._commits = PerProcess(lambda: GroupCommit[EncodedAppend, Answer](self._commit))

    def append(self, append: Append) -> Outcome:
        admit(append)
        answer = self._commits.get().submit(encode(append), size_bytes(append))
        try:
            return self._outcome(append, answer)
        except LogUnavailable as error:
            raise LogUnavailable(str(error), in_doubt=answer.again) from error

    def read(self, after: int, limit: int) -> list[Recorded]:
        with outages(LogUnavailable), self._pool.driver() as connection:
            return read_page(connection, self._time_outs, after, limit)

    def stream(
        self, stream: UUID, after_version: int = 0, up_to_version: int | None = None
    ) -> list[Recorded]:
        last = MAX_VERSION if up_to_version is None else up_to_version
        return list(map(_recorded, self._rows(_STREAM, stream.hex, after_version, last)))

    def streams(self, after: Mapping[UUID, int]) -> dict[UUID, list[Recorded]]:
        streams: dict[UUID, list[Recorded]] = {stream: [] for stream in after}
        wanted = [stream.hex for stream in after]
        for recorded in map(_recorded, self._rows(_STREAMS, wanted, list(after.values()))):
            streams[recorded.stream].append(recorded)
        return streams

    def receipt(self, actor: UUID, key: str) -> StoredReceipt | None:
        for digest, position, receipt in self._rows(_RECEIPT, actor.hex, key):
            return StoredReceipt(bytes(digest), position, bytes(receipt))
        return None

    def head(self) -> int:
        ((head,),) = self._rows(_HEAD)
        return int(head)

    def head_unless_gone_on(self, after: Mapping[UUID, int]) -> int | None:
        known = [stream.hex for stream in after]
        ((head,),) = self._rows(_HEAD_UNLESS_GONE_ON, known, list(after.values()))
        return None if head is None else int(head)

    def position_at(self, at: datetime) -> int:
        # Times never decrease and positions are dense: no index on the time is needed.
        return bisect_right(range(1, self.head() + 1), at, key=self._recorded_at)

    def _recorded_at(self, position: int) -> datetime:
        ((at,),) = self._rows(_TIME, position)
        recorded_at: datetime = at
        return recorded_at

    def _rows(self, statement: str, *arguments: object) -> list[tuple[Any, ...]]:
        with outages(LogUnavailable), self._pool.driver() as connection, connection.cursor() as cursor:
            cursor.execute(self._time_outs + statement, arguments)
            return cursor.fetchall()

    def _commit(self, batch: Sequence[EncodedAppend]) -> list[Answer]:
        answers = self._append.send(batch)
        self._wakeups.signal(LOG)
        return answers

    def _outcome(self, append: Append, answer: Answer) -> Outcome:
        result = outcome(append, answer.verdict, answer.recorded_at, self.receipt)
        return self._own(append, result) if answer.again else result

    def _own(self, append: Append, outcome: Outcome) -> Outcome:
        # An append without a key, sent again after the first try was written, conflicts with itself.
        if not isinstance(outcome, Conflict) or not append.events:
            return outcome
        before = {event.stream: event.version - 1 for event in reversed(append.events)}
        stored = {(r.stream, r.version): r for events in self.streams(before).values() for r in events}
        found = [stored.get((event.stream, event.version)) for event in append.events]
        for event, recorded in zip(append.events, found, strict=True):
            if recorded is None or (recorded.topic, recorded.state, recorded.metadata) != (
                event.topic,
                event.state,
                event.metadata,
            ):
                return outcome
        last = stored[append.events[-1].stream, append.events[-1].version]
        return Appended(last.position, last.recorded_at)


def _recorded(row: tuple[Any, ...]) -> Recorded:
    position, stream, version, topic, recorded_at, state, metadata = row
    return Recorded(
        position,
        stream,
        version,
        topic,
        recorded_at.astimezone(UTC),
        bytes(state),
        bytes(metadata),
    )
