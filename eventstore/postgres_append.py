"""Sending batches to the append function, until their fate is known."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic, sleep
from uuid import UUID

import psycopg2

from countersign.eventstore.decision import Accepted, KeyKnown, Verdict
from countersign.eventstore.log import Conflict, LogUnavailable
from countersign.eventstore.outage import DatabaseUnavailable, outages
from countersign.eventstore.postgres_batch import EncodedAppend, call
from countersign.eventstore.postgres_connections import PostgresConnections

_KEY_KNOWN = -1
_PAUSE_S = 0.1
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one append; `again` says that it was sent twice, so that it may have met itself."""

    verdict: Verdict
    recorded_at: datetime
    again: bool


class PostgresAppend:
    """Calls the append function: one transaction and one round trip for a batch."""

    def __init__(self, connections: PostgresConnections) -> None:
        self._connection = connections.appender
        self._patience_s = self._connection.options.timeout_s
        self._settings = f"SET TRANSACTION ISOLATION LEVEL READ COMMITTED; {connections.time_outs.sql()}"

    def send(self, batch: Sequence[EncodedAppend]) -> list[Answer]:
        """Have a batch decided and written.

        Raises:
            LogUnavailable: nothing was written, unless it says that it is in doubt.
        """
        try:
            with outages(LogUnavailable):
                return self._call(batch, again=False)
        except _AnswerLost as lost:
            _log.warning("the answer to a commit was lost, its batch is sent again: %s", lost)
            return self._send_again(batch, monotonic() + self._patience_s)

    def _send_again(self, batch: Sequence[EncodedAppend], deadline: float) -> list[Answer]:
        # The first transaction may still be under way. This one queues behind it: its answer is final.
        while True:
            try:
                with outages():
                    return self._call(batch, again=True)
            except (_AnswerLost, DatabaseUnavailable) as error:
                if monotonic() > deadline:
                    raise LogUnavailable(f"the outcome is not known: {error}", in_doubt=True) from error
            sleep(_PAUSE_S)

    def _call(self, batch: Sequence[EncodedAppend], again: bool) -> list[Answer]:
        with self._connection.driver() as connection, connection.cursor() as cursor:
            try:
                cursor.execute(self._settings + call(batch))
            except psycopg2.Error as error:
                if connection.closed:
                    raise _AnswerLost(str(error).strip()) from error
                raise
            (row,) = cursor.fetchall()
        recorded_at, bases, unmet, actual = row
        verdicts = _verdicts(batch, bases, unmet, actual)
        return [Answer(verdict, recorded_at.astimezone(UTC), again) for verdict in verdicts]


class _AnswerLost(Exception):
    pass


def _verdicts(
    batch: Sequence[EncodedAppend], bases: list[int], unmet: list[int], actual: list[int]
) -> Iterator[Verdict]:
    expectations = [expectation for each in batch for expectation in each.expectations]
    for base, number, version in zip(bases, unmet, actual, strict=True):
        if number:
            stream, expected, _ = expectations[number - 1]
            yield Conflict(UUID(stream), expected, version)
        else:
            yield KeyKnown() if base == _KEY_KNOWN else Accepted(base)
