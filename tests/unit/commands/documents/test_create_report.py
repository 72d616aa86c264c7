"""A report is created under a number that nobody else has, by somebody who may."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from countersign.aggregates.document_number import (
    DocumentNumber,
    InvalidNumber,
    NumberTaken,
    document_number_id,
)
from countersign.aggregates.report.refusals import InvalidField, ReportExists
from countersign.aggregates.report.report import Report
from countersign.aggregates.report_type import UnknownType
from countersign.commands.permit import NotPermitted
from countersign.commands.report.create_report import CreateReport
from tests.unit.aggregates.report.given import HEADER
from tests.unit.commands.documents.office import Course, Office


def test_a_report_and_its_number_come_together(office: Office, course: Course) -> None:
    receipt = course.create(document_number="N-1")

    assert dict(receipt.streams) == {course.report_id: 1, document_number_id("N-1"): 1}
    assert (course.report.owner, course.report.document_number) == (office.eva.account, "N-1")
    assert office.get(DocumentNumber, document_number_id("N-1")).report_id == course.report_id


def test_a_number_is_taken_once_however_it_is_written(office: Office, course: Course) -> None:
    course.create(document_number="KAL-1 A")
    before = office.log.head()
    with pytest.raises(NumberTaken):
        Course(office).create(document_number=" kal-1  a")
    assert office.log.head() == before


def test_of_two_who_take_a_number_at_once_one_gets_it(office: Office) -> None:
    courses = [Course(office) for _ in range(4)]

    def create(course: Course) -> str:
        try:
            course.create(document_number="N-1")
        except NumberTaken:
            return "taken"
        return "created"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(create, courses)) == ["created", "taken", "taken", "taken"]


def test_without_a_number_the_document_reference_is_the_number(course: Course) -> None:
    course.create(document_number=None, header={**HEADER, "document_reference": "KAL-1"})
    assert course.report.document_number == course.report.header["document_reference"] == "KAL-1"


def test_without_any_number_one_is_made(course: Course) -> None:
    course.create(document_number=None)
    assert course.report.document_number == f"MINI-2026-{course.report_id.hex[:8].upper()}"


def test_a_report_is_created_once(office: Office, course: Course) -> None:
    course.create()
    with pytest.raises(ReportExists):
        course.create(document_number="another")
    assert office.find(DocumentNumber, document_number_id("another")) is None


def test_the_type_must_be_there(course: Course) -> None:
    with pytest.raises(UnknownType):
        course.create(report_type="POEM")


@pytest.mark.parametrize("number", ["   ", "a\nb", "x" * 101])
def test_a_number_must_be_printable(office: Office, course: Course, number: str) -> None:
    with pytest.raises(InvalidNumber):
        course.create(document_number=number)
    assert office.find(Report, course.report_id) is None


def test_a_refused_header_leaves_the_number_free(office: Office, course: Course) -> None:
    with pytest.raises(InvalidField):
        course.create(document_number="N-1", header={**HEADER, "date": "soon"})
    assert office.find(DocumentNumber, document_number_id("N-1")) is None


def test_a_repeated_command_has_one_effect_and_one_answer(office: Office, course: Course) -> None:
    command = CreateReport(report_id=course.report_id, report_type="MINI", header=HEADER)
    first = office.give(command, office.eva, key="once")
    head = office.log.head()
    second = office.give(command, office.eva, key="once")
    assert (second.position, second.streams) == (first.position, first.streams)
    assert office.log.head() == head


def test_those_who_only_read_or_approve_create_nothing(office: Office, course: Course) -> None:
    for person in (office.vera, office.olga, office.pia):
        with pytest.raises(NotPermitted):
            course.create(by=person)
    assert office.find(Report, course.report_id) is None
