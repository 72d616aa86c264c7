"""What a key of a read table is, and which streams of the log its rows come from.

Most rows of a key follow from one stream, and all of them are known. Rows about the documents and the mails
of a report follow from streams of their own: the audit log, which has a row for every event, tells which
belong to the report. Where no read table tells it, the whole log is replayed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy import Table, Uuid, select

from countersign.aggregates.root import DomainError
from countersign.eventstore.databases import Database
from countersign.projections.audit import audit_log
from countersign.projections.following.freshness import Freshness
from countersign.projections.letters.dead_letters import counts
from countersign.projections.people import sessions
from countersign.projections.projection import Projection, view_of

_entries: Final = view_of(audit_log.entries)
_sessions: Final = view_of(sessions.sessions)

StreamsOf = Callable[[Database, UUID], set[UUID]]


class NotThereYet(DomainError):
    """The read table that says which streams belong to the key has not come to that position."""

    code = "position_not_reached"
    status = 503


@dataclass(frozen=True, slots=True)
class Keyed:
    """The columns that hold a key; `streams` says where its rows come from, told by the projection `told_by`.

    Without `streams` nobody knows it: the whole log is replayed.
    """

    columns: tuple[str, ...]
    streams: StreamsOf | None = None
    told_by: str | None = None


def keyed(projection: Projection) -> Keyed:
    """How the rows of one key are found; by their first id and in the whole log, unless more is known."""
    known = _KNOWN.get(projection.name)
    if known is not None:
        return known
    ids = [column.name for column in main_table(projection).columns if isinstance(column.type, Uuid)]
    return Keyed(tuple(ids[:1]))


def main_table(projection: Projection) -> Table:
    """The table that readers know by the name of the projection."""
    return next(table for table in projection.tables if projection.view_name(table) == projection.name)


class Streams:
    """Looks up where the rows of a key come from, and waits for a table that is behind, `wait_s` long."""

    def __init__(self, read: Database, freshness: Freshness, wait_s: float) -> None:
        self._read = read
        self._freshness = freshness
        self._wait_s = wait_s

    def of(self, projection: Projection, key: UUID, position: int) -> set[UUID] | None:
        """The streams from which the rows of the key follow, up to the position; None when nobody knows.

        Raises:
            NotThereYet: the read table that tells it is behind the position.
        """
        how = keyed(projection)
        if how.streams is None:
            return None
        if how.told_by is not None and not self._tells_all(how.told_by, key, position):
            return None
        return how.streams(self._read, key)

    def _tells_all(self, name: str, key: UUID, position: int) -> bool:
        if not self._freshness.wait_for(position, self._wait_s, name):
            raise NotThereYet(f"{name}, which tells what belongs to {key}, is behind position {position}.")
        with self._read.read() as connection:
            return not counts(connection, [name])  # what it holds back is in none of its rows


def _own(_read: Database, key: UUID) -> set[UUID]:
    return {key}


def _of_report(read: Database, key: UUID) -> set[UUID]:
    reports = select(_entries.c.report_id).where(_entries.c.stream == key, _entries.c.report_id.is_not(None))
    with read.read() as connection:
        known = {key, *connection.scalars(reports.distinct())}
        streams = select(_entries.c.stream).where(_entries.c.report_id.in_(known))
        return known | set(connection.scalars(streams.distinct()))


def _of_account(read: Database, key: UUID) -> set[UUID]:
    accounts = select(_sessions.c.account).where(_sessions.c.session_id == key)
    with read.read() as connection:
        known = {key, *connection.scalars(accounts)}
        mine = select(_sessions.c.session_id).where(_sessions.c.account.in_(known))
        return known | set(connection.scalars(mine))


_KNOWN: Final[Mapping[str, Keyed]] = MappingProxyType(
    {
        "report_register": Keyed(("report_id",), _own),
        "revision_history": Keyed(("report_id",), _own),
        "signature_register": Keyed(("report_id",), _own),
        "section_current": Keyed(("report_id",), _own),
        "report_search": Keyed(("report_id",), _own),
        "retention_due": Keyed(("report_id",), _of_report, "audit_log"),
        "saved_searches": Keyed(("search_id",), _own),
        "approval_queue": Keyed(("report_id",), _own),
        "document_store": Keyed(("rendering_id", "report_id"), _of_report, "audit_log"),
        "job_board": Keyed(("job_id", "report_id"), _of_report, "audit_log"),
        "mail_outbox": Keyed(("email_id", "report_id"), _of_report, "audit_log"),
        "audit_log": Keyed(("stream", "report_id"), _of_report, "audit_log"),
        "people": Keyed(("person_id",)),
        "sessions": Keyed(("session_id", "account"), _of_account, "sessions"),
        "security_events": Keyed(("account",)),
        "api_clients": Keyed(("client_id",), _own),
        "webhooks": Keyed(("webhook_id",), _own),
        "webhook_deliveries": Keyed(("delivery_id",), _own),
    }
)
