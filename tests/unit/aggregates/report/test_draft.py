"""A report is written by its preparer: header, sections, imports and results, all with their digests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from countersign.aggregates.canonical_json import digest_of
from countersign.aggregates.report.content import INLINE_BYTES, Content
from countersign.aggregates.report.draft import MOST_REJECTED
from countersign.aggregates.report.header import Change
from countersign.aggregates.report.refusals import (
    InvalidField,
    Locked,
    StaleSection,
)
from countersign.aggregates.report.report import Report
from countersign.aggregates.report.result_entry import ResultEntry
from countersign.aggregates.report.status import Status
from tests.unit.aggregates.report.drafting import bring_in, edit, pointers, record
from tests.unit.aggregates.report.given import (
    DEFINITION,
    EVA,
    HEADER,
    REPORT,
    SIGNALS,
    START,
    approved,
    begun,
    content_of,
    issued,
    last,
    save,
    sent_back,
    submitted,
)


def test_a_new_report_is_a_draft_of_its_first_revision() -> None:
    report = begun()

    (event,) = report.collect_events()
    assert isinstance(event, Report.Created)
    assert (event.originator_id, event.timestamp, event.owner) == (REPORT, START, EVA)
    assert (event.report_type, event.type_version, event.document_number) == ("MINI", 1, "N-1")
    assert (event.title, event.project_reference, event.client_name) == (
        "Pumping station <1> & 2",
        "P-7",
        "ΔΕΥΑ",
    )
    assert event.header == {**HEADER, "document_reference": "N-1", "revision": "R0"}
    assert (report.status, report.revision) == (Status.DRAFT, "R0")


def test_a_new_report_may_leave_fields_of_its_header_open_but_not_its_title() -> None:
    assert begun({"document_title": "Later"}).header["date"] == ""
    with pytest.raises(InvalidField) as refusal:
        begun({"project_reference": "P-7", "document_title": " "})
    assert pointers(refusal) == {"/header/document_title": "needed: the register lists reports by it"}


def test_a_header_cannot_claim_another_number_or_revision() -> None:
    with pytest.raises(InvalidField) as refusal:
        begun({**HEADER, "document_reference": "N-2", "revision": "R1"})
    assert pointers(refusal) == {
        "/header/document_reference": "is the document number, reserved for good",
        "/header/revision": "rises with a new revision only",
    }


def test_bad_fields_of_a_new_header_are_pointed_at() -> None:
    with pytest.raises(InvalidField) as refusal:
        begun({**HEADER, "date": "soon", "colour": "red"})
    assert pointers(refusal) == {
        "/header/date": "must be a date, YYYY-MM-DD",
        "/header/colour": "unknown column",
    }


def test_an_edited_header_tells_old_and_new() -> None:
    report = begun()

    edit(report, document_title="Pumping station 2", client_name="ΔΕΥΑ", project_reference="P-8")

    event = last(report)
    assert isinstance(event, Report.HeaderChanged)
    assert event.changes == {
        "document_title": Change("Pumping station <1> & 2", "Pumping station 2"),
        "project_reference": Change("P-7", "P-8"),
    }
    assert event.digest == digest_of(report.header) == report.section_digests["header"]
    assert (report.title, report.project_reference, report.client_name) == (
        "Pumping station 2",
        "P-8",
        "ΔΕΥΑ",
    )


def test_a_header_edited_to_what_it_is_stays_without_an_event() -> None:
    report = begun()
    edit(report, document_reference="N-1", date=HEADER["date"])
    assert len(report.pending_events) == 1


@pytest.mark.parametrize(
    ("field", "value"), [("document_title", ""), ("revision", "R9"), ("date", "x"), ("colour", "red")]
)
def test_a_header_refuses_what_it_cannot_be(field: str, value: str) -> None:
    report = begun()
    with pytest.raises(InvalidField) as refusal:
        edit(report, **{field: value})
    assert list(pointers(refusal)) == [f"/changes/{field}"]
    assert len(report.pending_events) == 1


def test_a_saved_section_is_recorded_with_its_digest_and_changes() -> None:
    report = begun()

    save(report, "signals", SIGNALS)

    event = last(report)
    assert isinstance(event, Report.SectionSaved)
    assert (event.section, event.row_count, event.content_ref) == ("signals", 2, None)
    assert event.changed_paths == ("/s1", "/s2")
    assert event.digest == digest_of(event.content) == report.digest_of_section("signals")
    assert [row["id"] for row in content_of(report, "signals")] == ["s1", "s2"]


def test_the_same_content_again_is_no_event() -> None:
    report = begun()
    save(report, "purpose", {"text": ""})
    save(report, "signals", SIGNALS)
    save(report, "signals", [dict(row) for row in SIGNALS])
    assert len(report.pending_events) == 2


def test_a_large_section_is_only_named() -> None:
    report = begun()
    large = Content.of({"text": "x" * INLINE_BYTES})
    report.save_section(START, DEFINITION.section("purpose"), large, {"text": ""})
    assert last(report).content is None
    assert last(report).content_ref == report.sections["purpose"].content_ref == large.digest


def test_a_section_that_has_changed_since_it_was_read_is_not_overwritten() -> None:
    report = begun()
    report.require_digest("signals", None)
    save(report, "signals", SIGNALS)
    report.require_digest("signals", report.digest_of_section("signals"))
    for stale in (None, "0" * 64):
        with pytest.raises(StaleSection):
            report.require_digest("signals", stale)


def test_an_import_adds_rows_and_remembers_what_it_left_out() -> None:
    report = begun()
    save(report, "signals", SIGNALS)

    bring_in(report, f"Tag\nDI_3\n{'x' * 41}\n")

    event = last(report)
    assert isinstance(event, Report.RowsImported)
    assert (event.source, event.accepted, event.row_count, event.rejected_count) == ("csv", 1, 3, 1)
    assert event.rejected[0].line == 3
    assert event.digest == digest_of(content_of(report, "signals"))
    assert [row["id"] for row in content_of(report, "signals")] == ["s1", "s2", "r1"]


def test_the_list_of_lines_left_out_is_bounded_but_counted() -> None:
    report = begun()
    bring_in(report, "Tag\nDI_1\n" + f"{'x' * 41}\n" * (MOST_REJECTED + 5))
    assert len(last(report).rejected) == MOST_REJECTED
    assert last(report).rejected_count == MOST_REJECTED + 5


CHANGES: list[Callable[[Report], None]] = [
    lambda report: edit(report, document_title="Other"),
    lambda report: save(report, "purpose", {"text": "other"}),
    lambda report: bring_in(report, "Tag\nDI_3\n"),
    lambda report: record(report, "s1", ResultEntry("fail", "stuck")),
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("state", [submitted, approved, issued])
def test_what_was_submitted_cannot_be_changed(
    state: Callable[[], Report], change: Callable[[Report], None]
) -> None:
    report = state()
    before = len(report.pending_events)
    with pytest.raises(Locked):
        change(report)
    assert len(report.pending_events) == before


@pytest.mark.parametrize("change", CHANGES)
def test_whoever_mends_a_returned_report_makes_it_a_draft_again(change: Callable[[Report], None]) -> None:
    report = sent_back()
    change(report)
    assert report.status is Status.DRAFT
