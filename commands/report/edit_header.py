"""Somebody who prepares a report changes its header."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.report.report import Report
from countersign.commands.permit import permit
from countersign.commands.report.reading import definition_of
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class EditHeader:
    report_id: UUID
    expected_version: int
    changes: Mapping[str, str]


def edit_header(command: EditHeader, store: Store) -> Receipt:
    """Change the fields that are given.

    Raises:
        StaleVersion: the report has changed since it was read.
        Locked, InvalidField: as the report says.
    """
    report = store.load(Report, command.report_id, expected_version=command.expected_version)
    permit(store, "EditHeader", own=[report.owner])
    report.edit_header(store.now, command.changes, definition_of(report, store))
    return store.save(report)
