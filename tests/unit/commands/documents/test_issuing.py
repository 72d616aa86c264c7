"""The project manager issues the finished document of what was approved."""

from __future__ import annotations

from uuid import uuid4

import pytest

from countersign.aggregates.email_address import InvalidEmail
from countersign.aggregates.render_order import Kind
from countersign.aggregates.report.refusals import InvalidField, RenderingStale, WrongStatus
from countersign.aggregates.report.report import Report
from countersign.aggregates.report.status import Status
from countersign.commands.permit import NotPermitted
from countersign.commands.report.issue_revision import Addressed
from countersign.eventstore.store import StaleVersion
from tests.unit.commands.documents.office import CLIENT, Course, Office


def test_a_recipient_is_known_by_the_address_however_it_is_written(office: Office, course: Course) -> None:
    course.approved()
    course.issue(course.render())
    (happened,) = office.events(office.log.head() - 1)
    assert isinstance(happened.event, Report.RevisionIssued)
    (recipient,) = happened.event.recipients
    assert recipient.subject == office.store.private_ids.id_of("email", "nikos@client.example")
    assert happened.event.by == office.pia.account


def test_the_same_recipient_twice_is_refused(course: Course) -> None:
    course.approved()
    with pytest.raises(InvalidField):
        course.issue(course.render(), recipients=(CLIENT, Addressed("Nikos", "NIKOS@client.example")))


def test_an_address_that_mail_cannot_reach_is_pointed_at(course: Course) -> None:
    course.approved()
    with pytest.raises(InvalidEmail) as refusal:
        course.issue(course.render(), recipients=(CLIENT, Addressed("Nobody", "nobody")))
    assert refusal.value.pointers[0][0] == "/recipients/1/email"


def test_only_the_finished_final_document_goes_out(office: Office, course: Course) -> None:
    course.approved()
    ordered = course.order(Kind.FINAL)
    review = course.render(Kind.REVIEW)
    other = Course(office)
    other.approved()
    for rendering_id in (ordered, review, other.render(), uuid4()):
        with pytest.raises(RenderingStale):
            course.issue(rendering_id)
    assert course.report.status is Status.APPROVED


def test_a_revision_is_issued_once_and_not_before_its_approval(course: Course) -> None:
    course.submitted()
    with pytest.raises(WrongStatus):
        course.issue(course.render(Kind.REVIEW))


def test_an_issued_revision_is_not_issued_again(course: Course) -> None:
    course.approved()
    rendering_id = course.render()
    course.issue(rendering_id)
    with pytest.raises(WrongStatus):
        course.issue(rendering_id)


def test_an_issue_needs_the_newest_version(course: Course) -> None:
    course.approved()
    with pytest.raises(StaleVersion):
        course.issue(course.render(), expected_version=3)


def test_those_who_may_not_issue_do_not(office: Office, course: Course) -> None:
    course.approved()
    rendering_id = course.render()
    for person in (office.eva, office.tom, office.vera, office.olga):
        with pytest.raises(NotPermitted):
            course.issue(rendering_id, by=person)
    course.issue(rendering_id, by=office.ada)
    assert course.report.status is Status.ISSUED
