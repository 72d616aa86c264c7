"""An engineer begins a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.document_number import (
    DocumentNumber,
    NumberTaken,
    checked_number,
    document_number_id,
    number_for,
)
from countersign.aggregates.report.refusals import ReportExists
from countersign.aggregates.report.report import Report
from countersign.aggregates.report_type import ReportType, UnknownType, report_type_id
from countersign.commands.permit import permit, responsible_account
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateReport:
    report_id: UUID
    report_type: str
    document_number: str | None = None
    header: Mapping[str, str]


def create_report(command: CreateReport, store: Store) -> Receipt:
    """Reserve the number and begin the report under it, together or not at all.

    Without a number the header's document reference is taken; without that, one is made.

    Raises:
        UnknownType: there is no such type.
        NumberTaken: another report has the number.
        ReportExists: the report has been created before.
        InvalidField, InvalidNumber: with pointers.
    """
    permit(store, "CreateReport")
    report_type = store.guard_or_none(ReportType, report_type_id(command.report_type))
    if report_type is None:
        raise UnknownType("There is no such report type.", (("/report_type", "unknown"),))
    if store.find(Report, command.report_id) is not None:
        raise ReportExists("This report has been created before.")
    report = Report.create(
        command.report_id,
        store.now,
        definition=report_type.at_version(report_type.type_version),
        number=_number(command, store),
        header=command.header,
        owner=responsible_account(store),
    )
    return store.save(report, _reserved(report, store))


def _number(command: CreateReport, store: Store) -> str:
    wanted = command.document_number or command.header.get("document_reference")
    return checked_number(wanted or number_for(command.report_type, store.now, command.report_id))


def _reserved(report: Report, store: Store) -> DocumentNumber:
    if store.find(DocumentNumber, document_number_id(report.document_number)) is not None:
        raise NumberTaken(f"The document number {report.document_number} belongs to another report.")
    return DocumentNumber.reserve(store.now, report.document_number, report.id)
