"""A project manager sends the approved document to the client."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.email_address import email_address
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.report.recipient import Recipient
from countersign.aggregates.report.refusals import RenderingStale
from countersign.aggregates.report.report import IssueStatus, Report
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True)
class Addressed:
    """A recipient as given: a name and an address."""

    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRevision:
    report_id: UUID
    expected_version: int
    rendering_id: UUID
    issue_status: IssueStatus
    recipients: tuple[Addressed, ...]


def issue_revision(command: IssueRevision, store: Store) -> Receipt:
    """Send out exactly the document that was made of what was approved.

    Raises:
        StaleVersion: the report has changed since it was read.
        RenderingStale: there is no such document.
        WrongStatus, InvalidField, InvalidEmail: as the report says.
    """
    report = store.load(Report, command.report_id, expected_version=command.expected_version)
    permit(store, "IssueRevision")
    rendering = store.guard_or_none(Rendering, command.rendering_id)
    if rendering is None:
        raise RenderingStale("There is no such rendering.", (("/rendering_id", "unknown"),))
    recipients = tuple(_known(command.recipients, store))
    report.issue_revision(store.now, store.context.actor, rendering, command.issue_status, recipients)
    return store.save(report)


def _known(recipients: tuple[Addressed, ...], store: Store) -> Iterator[Recipient]:
    for index, each in enumerate(recipients):
        address = email_address(each.email, f"/recipients/{index}/email")
        subject = store.private_id("email", address.canonical)
        yield Recipient(subject=subject, name=each.name.strip(), email=address.written)
