"""The duty that plans mails: one for each person whom an event of a report concerns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.email_contents import Attached, EmailPurpose
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.report.report import Report
from countersign.aggregates.root import Root
from countersign.eventstore.aggregates import Aggregates
from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.failure import EffectFailed
from countersign.workers.history import History
from countersign.workers.mail.occasion import Occasion, document_name, occasion
from countersign.workers.mail.planning import Addressee, Planner

MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "pdf": "application/pdf",
    }
)


class QueueEmails:
    """Names and addresses are read at this moment; the effect holds only what they are found by."""

    def __init__(self, aggregates: Aggregates, history: History, planner: Planner) -> None:
        self._aggregates = aggregates
        self._history = history
        self._planner = planner

    def perform(self, effect: Effect, course: Course) -> None:
        """Plan a mail for each of them."""
        report_id, version = UUID(effect.payload["report_id"]), int(effect.payload["version"])
        purpose = EmailPurpose(effect.payload["purpose"])
        event = self._history.event(report_id, version)
        report = self._aggregates.find(Report, report_id, version=version - 1)
        if report is None:
            raise LookupError(f"no report {report_id} before version {version}")
        found, attachments = occasion(event, report), self._attachments(event, report)
        for to in self._addressees(found):
            self._planner.plan(effect, purpose, to, found.facts, attachments)

    def failed(self, effect: Effect, failure: EffectFailed, retry_at: datetime | None) -> None:
        """The effect itself is the record: there is no mail yet."""

    def _addressees(self, found: Occasion) -> Iterator[Addressee]:
        for account_id in found.accounts:
            if (account := self._aggregates.find(Account, account_id)) is not None:
                yield Addressee(account_id, account.name, account.email)
        for recipient in found.recipients:
            yield Addressee(recipient.subject, recipient.name, recipient.email)

    def _attachments(self, event: Root.Event, report: Report) -> tuple[Attached, ...]:
        if not isinstance(event, Report.RevisionIssued):
            return ()
        rendering = self._aggregates.find(Rendering, event.rendering_id)
        if rendering is None:
            raise LookupError(f"no rendering {event.rendering_id}")
        name = document_name(report, rendering.format)
        return (Attached(name, event.document_digest, MEDIA_TYPES[rendering.format]),)
