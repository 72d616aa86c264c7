"""The version of its type that a report follows."""

from __future__ import annotations

from countersign.aggregates.report.report import Report
from countersign.aggregates.report_type import ReportType, report_type_id
from countersign.aggregates.type_definition import TypeDefinition
from countersign.eventstore.aggregates import Aggregates


def definition_of(report: Report, aggregates: Aggregates) -> TypeDefinition:
    """What the report may hold."""
    report_type = aggregates.find(ReportType, report_type_id(report.report_type))
    if report_type is None:
        raise LookupError(f"the type {report.report_type} of report {report.id} is not in the log")
    return report_type.at_version(report.type_version)
