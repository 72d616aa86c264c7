"""Test results are recorded over rows, and refused where they say nothing."""

from __future__ import annotations

import pytest

from countersign.aggregates.canonical_json import digest_of
from countersign.aggregates.report.refusals import (
    FailNeedsComment,
    InvalidField,
    NotApplicableNeedsReason,
    UnknownRow,
)
from countersign.aggregates.report.report import Report
from countersign.aggregates.report.result_entry import ResultEntry
from tests.unit.aggregates.report.drafting import pointers, record
from tests.unit.aggregates.report.given import (
    SIGNALS,
    begun,
    complete,
    content_of,
    last,
    save,
)


def test_a_recorded_result_stands_over_the_saved_row() -> None:
    report = begun()
    save(report, "signals", SIGNALS)

    record(report, "s1", ResultEntry("fail", "stuck & <open>", "Tom", "3.9", "mA"))

    event = last(report)
    assert isinstance(event, Report.TestResultRecorded)
    assert (event.result, event.previous, event.measured, event.unit) == ("fail", "pass", "3.9", "mA")
    row = content_of(report, "signals")[0]
    assert (row["result"], row["comment"], row["verified_by"]) == ("fail", "stuck & <open>", "Tom")
    assert event.digest == digest_of(content_of(report, "signals")) == report.digest_of_section("signals")


def test_saving_a_section_replaces_the_recorded_results() -> None:
    report = begun()
    save(report, "signals", SIGNALS)
    record(report, "s1", ResultEntry("fail", "stuck"))
    save(report, "signals", SIGNALS)
    assert content_of(report, "signals")[0]["result"] == "pass"


def test_the_same_result_again_is_no_event_unless_the_reading_differs() -> None:
    report = begun()
    save(report, "signals", SIGNALS)
    record(report, "s1", ResultEntry("pass", "", "Eva"))
    assert len(report.pending_events) == 2
    for _ in range(2):
        record(report, "s1", ResultEntry("pass", "", "Eva", "4.0", "mA"))
    assert len(report.pending_events) == 3


def test_what_a_section_has_no_column_for_is_kept_in_the_event_alone() -> None:
    report = begun()
    save(report, "steps", [{"id": "p1", "action": "Start"}])
    record(report, "p1", ResultEntry("pass", "", "Eva"), "steps")
    assert last(report).verified_by == "Eva"
    assert "verified_by" not in content_of(report, "steps")[0]


def test_a_failure_needs_a_comment() -> None:
    report = complete()
    with pytest.raises(FailNeedsComment):
        record(report, "s1", ResultEntry("fail", "  "))


def test_a_test_that_does_not_apply_needs_a_reason() -> None:
    report = complete()
    with pytest.raises(NotApplicableNeedsReason):
        record(report, "s1", ResultEntry("na"))


def test_a_result_needs_a_row() -> None:
    with pytest.raises(UnknownRow):
        record(complete(), "s9", ResultEntry("pass"))


@pytest.mark.parametrize(
    ("entry", "key", "pointer"),
    [
        (ResultEntry(""), "signals", "/result"),
        (ResultEntry("PASS"), "signals", "/result"),
        (ResultEntry("pass", "x" * 61), "signals", "/comment"),
        (ResultEntry("pass", verified_by="a\nb"), "signals", "/verified_by"),
        (ResultEntry("pass", measured="\x00"), "signals", "/measured"),
        (ResultEntry("pass", unit="x" * 201), "signals", "/unit"),
        (ResultEntry("pass", verified_by="x" * 201), "steps", "/verified_by"),
        (ResultEntry("pass"), "documents", "/section"),
    ],
)
def test_a_result_that_cannot_be_entered_is_pointed_at(entry: ResultEntry, key: str, pointer: str) -> None:
    report = complete()
    with pytest.raises(InvalidField) as refusal:
        record(report, "s1", entry, key)
    assert list(pointers(refusal)) == [pointer]
