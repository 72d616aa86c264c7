"""Everything that happened to a report, its documents and its mails, found in the log alone.

The audit log, where it is there, only tells where to look: what is shown comes from the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import inspect

from countersign.aggregates.document_number import DocumentNumber, document_number_id
from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.report.report import Report
from countersign.eventstore.databases import Database
from countersign.eventstore.log import Log, Recorded
from countersign.eventstore.mapper import Happened
from countersign.projections.audit import audit_log
from countersign.projections.audit.audit_log_queries import timeline
from countersign.projections.building import builds

_PAGE: Final = 5_000
_FOUND_BY_READING: Final = frozenset({Rendering.Created.TOPIC, EmailMessage.Created.TOPIC})


class NoSuchReport(LookupError):
    """The log knows no report by that id or number, or not that version of it."""


@dataclass(frozen=True, slots=True)
class Trail:
    """Finds what belongs to a report; `read` may have lost its tables."""

    log: Log
    decode: Callable[[Recorded], Happened]
    read: Database

    def report_id(self, name: str) -> UUID:
        """The report of this id or document number.

        Raises:
            NoSuchReport: there is none.
        """
        found = self._by_id(name) or self._by_number(name)
        if found is None:
            raise NoSuchReport(f"The log has no report with the id or document number {name!r}.")
        return found

    def report_events(self, report_id: UUID, up_to_version: int | None) -> Sequence[Happened]:
        """The report's own events, as far as that version.

        Raises:
            NoSuchReport: it never had that version.
        """
        own = [self.decode(recorded) for recorded in self.log.stream(report_id, 0, up_to_version)]
        if up_to_version is not None and own[-1].version < up_to_version:
            raise NoSuchReport(f"The report ends at version {own[-1].version}, before {up_to_version}.")
        return own

    def companions(self, own: Sequence[Happened]) -> Iterator[Happened]:
        """The events of its number, documents and mails, in no order."""
        streams = {self._number_stream(own[0]), *self._known_streams(own[0].stream)}
        streams |= set(self._streams_read(own))
        for recorded in self.log.streams(dict.fromkeys(streams, 0)).values():
            yield from map(self.decode, recorded)

    def _by_id(self, name: str) -> UUID | None:
        try:
            stream = UUID(name)
        except ValueError:
            return None
        first = self.log.stream(stream, 0, 1)
        return stream if first and first[0].topic == Report.Created.TOPIC else None

    def _by_number(self, name: str) -> UUID | None:
        for recorded in self.log.stream(document_number_id(name), 0, 1):
            event = self.decode(recorded).event
            if isinstance(event, DocumentNumber.Created):
                return event.report_id
        return None

    def _number_stream(self, created: Happened) -> UUID:
        if not isinstance(created.event, Report.Created):
            raise NoSuchReport(f"{created.stream} does not begin as a report.")
        return document_number_id(created.event.document_number)

    def _known_streams(self, report_id: UUID) -> Iterator[UUID]:
        if not self._audited_up_to():
            return
        cursor = None
        while True:
            page = timeline(self.read, report_id, cursor=cursor)
            yield from (entry.stream for entry in page.rows if entry.stream != report_id)
            cursor = page.next_cursor
            if cursor is None:
                return

    def _streams_read(self, own: Sequence[Happened]) -> Iterator[UUID]:
        report_id, causes = own[0].stream, {happened.event_id for happened in own}
        position = max(own[0].position, self._audited_up_to())
        while page := self.log.read(position, _PAGE):
            position = page[-1].position
            for recorded in page:
                if recorded.topic in _FOUND_BY_READING and self._concerns(recorded, report_id, causes):
                    yield recorded.stream

    def _concerns(self, recorded: Recorded, report_id: UUID, causes: set[UUID]) -> bool:
        event = self.decode(recorded).event
        if isinstance(event, Rendering.Created):
            return event.report_id == report_id
        return isinstance(event, EmailMessage.Created) and event.cause in causes

    def _audited_up_to(self) -> int:
        with self.read.read() as connection:
            there = inspect(connection)
            if not (there.has_table("audit_log") and there.has_table(builds.builds.name)):
                return 0
            shown = builds.live(connection, "audit_log")
            if shown is None or shown.version != audit_log.VERSION:
                return 0
            return builds.reached(connection, ["audit_log"])["audit_log"]
