"""A report is written by its preparers, who overwrite nothing that they have not seen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256

import pytest

from countersign.aggregates.canonical_json import canonical_json
from countersign.aggregates.report.content import INLINE_BYTES
from countersign.aggregates.report.refusals import (
    FailNeedsComment,
    InvalidField,
    Locked,
    NotEligible,
    StaleSection,
    UnknownRow,
)
from countersign.aggregates.report.report import Report
from countersign.aggregates.type_definition import UnknownSection
from countersign.commands.permit import NotPermitted
from countersign.commands.report.edit_header import EditHeader
from countersign.commands.report.import_rows import ImportRows
from countersign.commands.report.reading import content_of, definition_of
from countersign.commands.report.record_test_result import RecordTestResult
from countersign.commands.report.save_section import SaveSection
from countersign.commands.report_type.define_report_type import DefineReportType
from countersign.eventstore.store import NotFound, StaleVersion
from countersign.workers.maintenance.named_contents import NamedContents
from tests.unit.aggregates.report.given import SIGNALS, SPELLED
from tests.unit.commands.documents.office import THE_SYSTEM, Course, Office


def result(course: Course, row_id: str = "s1", **changes: object) -> RecordTestResult:
    faultless = RecordTestResult(
        report_id=course.report_id,
        section="signals",
        row_id=row_id,
        result="fail",
        comment="stuck",
        expected_digest=course.report.digest_of_section("signals"),
    )
    return replace(faultless, **changes)  # type: ignore[arg-type]


def rows(course: Course, text: str) -> ImportRows:
    return ImportRows(
        report_id=course.report_id,
        section="signals",
        csv=text,
        mapping={"Tag": "tag"},
        expected_digest=course.report.digest_of_section("signals"),
    )


def read(office: Office, course: Course, key: str) -> object:
    store = office._store(THE_SYSTEM)
    return content_of(course.report, definition_of(course.report, store).section(key), store)


def test_the_header_changes_with_the_version_of_the_report(office: Office, course: Course) -> None:
    course.create()
    command = EditHeader(report_id=course.report_id, expected_version=1, changes={"document_title": "New"})
    office.give(command, office.eva)
    assert course.report.title == "New"
    with pytest.raises(StaleVersion):
        office.give(replace(command, changes={"document_title": "Newer"}), office.eva)


def test_a_section_changes_with_its_own_digest(office: Office, course: Course) -> None:
    course.create()
    course.save("signals", SIGNALS)
    stale = SaveSection(
        report_id=course.report_id, section="signals", content=[{"tag": "DI_9"}], expected_digest=None
    )
    before = office.log.head()
    with pytest.raises(StaleSection):
        office.give(stale, office.eva)
    assert office.log.head() == before


def test_two_people_edit_two_sections_at_the_same_time(office: Office, course: Course) -> None:
    course.create()
    commands = [
        SaveSection(report_id=course.report_id, section=key, content=content, expected_digest=None)
        for key, content in (
            ("purpose", {"text": "a"}),
            ("signals", SIGNALS),
            ("remarks", {"text": "b"}),
            ("documents", [{"title": "c"}]),
        )
    ]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda command: office.give(command, office.eva), commands))
    assert course.report.sections.keys() == {"purpose", "signals", "remarks", "documents"}
    assert course.report.version == 5


def test_of_two_who_edit_one_section_at_the_same_time_one_is_told(office: Office, course: Course) -> None:
    course.create()

    def save(text: str) -> str:
        command = SaveSection(
            report_id=course.report_id, section="purpose", content={"text": text}, expected_digest=None
        )
        try:
            office.give(command, office.eva)
        except StaleSection:
            return "stale"
        return "saved"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(save, ["a", "b"])) == ["saved", "stale"]


def test_a_section_saved_as_it_is_leaves_no_event(office: Office, course: Course) -> None:
    course.create()
    course.save("signals", SIGNALS)
    before = office.log.head()
    receipt = course.save("signals", SIGNALS)
    assert office.log.head() == before == receipt.position
    assert receipt.streams == ((course.report_id, 2),)


def test_a_large_section_is_kept_beside_the_log(office: Office, course: Course) -> None:
    large = {**SPELLED, "version": 2, "max_rows": 5000}
    office.give(DefineReportType(definition=large))
    course.create()
    many = [{"id": f"s{n}", "tag": f"DI_{n}", "comment": "ü < & >\n"} for n in range(2000)]

    course.save("signals", many)

    (happened,) = office.events(office.log.head() - 1)
    assert isinstance(happened.event, Report.SectionSaved)
    assert happened.event.content is None
    assert happened.event.content_ref is not None
    kept = office.store.blobs.get(happened.event.content_ref)
    assert len(kept) > INLINE_BYTES
    assert sha256(kept).hexdigest() == happened.event.digest == happened.event.content_ref
    assert canonical_json(read(office, course, "signals")) == kept
    # `content_ref` is sealed: the clean-up spares the content for the digest that is readable beside it.
    assert NamedContents(office.log, office.store.blobs).without([happened.event.content_ref]) == set()


def test_results_stand_over_a_large_section_too(office: Office, course: Course) -> None:
    office.give(DefineReportType(definition={**SPELLED, "version": 2, "max_rows": 5000}))
    course.create()
    course.save("signals", [{"id": f"s{n}", "tag": "x" * 40, "comment": "y" * 40} for n in range(1000)])
    office.give(result(course, "s999"), office.eva)
    content = read(office, course, "signals")
    assert isinstance(content, list)
    assert (content[999]["result"], content[999]["comment"]) == ("fail", "stuck")
    assert sha256(canonical_json(content)).hexdigest() == course.report.digest_of_section("signals")


def test_a_report_follows_its_type_as_it_was_at_creation(office: Office, course: Course) -> None:
    course.create()
    office.give(DefineReportType(definition={**SPELLED, "version": 2, "max_rows": 1}))
    course.save("signals", SIGNALS)
    assert course.report.sections["signals"].row_count == 2


def test_imported_rows_are_added(office: Office, course: Course) -> None:
    course.create()
    course.save("signals", SIGNALS)
    office.give(rows(course, "Tag\nDI_3\n"), office.eva)
    assert course.report.sections["signals"].row_count == 3
    with pytest.raises(StaleSection):
        office.give(replace(rows(course, "Tag\nDI_4\n"), expected_digest=None), office.eva)


def test_a_result_is_recorded_over_the_saved_row(office: Office, course: Course) -> None:
    course.create()
    course.save("signals", SIGNALS)
    office.give(result(course), office.eva)
    content = read(office, course, "signals")
    assert isinstance(content, list)
    assert (content[0]["result"], content[0]["comment"]) == ("fail", "stuck")


def test_bad_input_leaves_no_event(office: Office, course: Course) -> None:
    course.create()
    course.save("signals", SIGNALS)
    before = office.log.head()
    with pytest.raises(FailNeedsComment):
        office.give(result(course, comment=""), office.eva)
    with pytest.raises(UnknownRow):
        office.give(result(course, "s9"), office.eva)
    with pytest.raises(StaleSection):
        office.give(result(course, expected_digest="0" * 64), office.eva)
    with pytest.raises(InvalidField):
        course.save("signals", [{"tag": "a\x00b"}])
    with pytest.raises(UnknownSection):
        course.save("header", {})
    assert office.log.head() == before


def test_what_is_in_review_is_locked(office: Office, course: Course) -> None:
    course.submitted()
    for command in (result(course), rows(course, "Tag\nDI_3\n")):
        with pytest.raises(Locked):
            office.give(command, office.eva)
    with pytest.raises(Locked):
        course.save("purpose", {"text": "other"})
    with pytest.raises(Locked):
        course.assign(1, office.otto)


def test_others_than_the_preparers_write_nothing(office: Office, course: Course) -> None:
    course.create()
    for person in (office.tom, office.pia, office.vera, office.olga):
        with pytest.raises(NotPermitted):
            course.save("purpose", {"text": "mine now"}, by=person)
    with pytest.raises(NotPermitted):
        course.assign(1, office.otto, by=office.tom)


def test_an_administrator_may_mend_any_report(office: Office, course: Course) -> None:
    course.create()
    course.save("purpose", {"text": "mended"}, by=office.ada)
    course.assign(1, office.tom, by=office.ada)
    assert course.report.digest_of_section("purpose") is not None


def test_only_those_with_the_role_are_asked_to_approve(office: Office, course: Course) -> None:
    course.create()
    with pytest.raises(NotEligible):
        course.assign(1, office.pia)


def test_a_report_that_is_not_there_is_not_found(office: Office, course: Course) -> None:
    command = SaveSection(report_id=course.report_id, section="purpose", content={}, expected_digest=None)
    with pytest.raises(NotFound):
        office.give(command, office.eva)
