"""What is done to a draft, and where it is refused."""

from __future__ import annotations

import pytest

from countersign.aggregates.report.csv_rows import imported
from countersign.aggregates.report.refusals import (
    InvalidField,
)
from countersign.aggregates.report.report import Report
from countersign.aggregates.report.result_entry import ResultEntry
from tests.unit.aggregates.report.given import (
    DEFINITION,
    content_of,
    minute,
)


def edit(report: Report, **changes: str) -> None:
    report.edit_header(minute(3), changes, DEFINITION)


def record(report: Report, row_id: str, entry: ResultEntry, key: str = "signals") -> None:
    section = DEFINITION.section(key)
    report.record_test_result(minute(3), section, row_id, entry, DEFINITION, content_of(report, key))


def bring_in(report: Report, text: str) -> None:
    section = DEFINITION.section("signals")
    found = imported(DEFINITION, section, text, {"Tag": "tag"}, content_of(report, "signals"))
    report.import_rows(minute(3), section, found, source="csv")


def pointers(refusal: pytest.ExceptionInfo[InvalidField]) -> dict[str, str]:
    return dict(refusal.value.pointers)
