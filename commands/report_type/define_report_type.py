"""Set-up brings the catalogue's report types into the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from countersign.aggregates.definition_soundness import sound
from countersign.aggregates.report_type import ReportType, report_type_id
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class DefineReportType:
    """`definition` is one file of the catalogue, parsed."""

    definition: Mapping[str, Any]


def define_report_type(command: DefineReportType, store: Store) -> Receipt:
    """Define the type, or publish its next version; what is in force already changes nothing.

    Raises:
        UnsoundDefinition: with everything that is wrong.
        VersionNotRaised: it differs from the one in force, but does not say so in its version.
    """
    permit(store, "DefineReportType")
    known = sound(command.definition)
    report_type = store.find(ReportType, report_type_id(known.slug))
    if report_type is None:
        return store.save(ReportType.define(store.now, command.definition))
    report_type.publish(store.now, command.definition)
    return store.save(report_type)
