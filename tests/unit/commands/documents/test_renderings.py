"""A document is ordered once for each state of a report, and its making is told by events."""

from __future__ import annotations

import pytest

from countersign.aggregates.render_order import Format, Kind
from countersign.aggregates.rendering import FailureClass, Rendering, RenderingStatus
from countersign.aggregates.rendering_refusals import RenderingFinished, RenderingNotGivenUp
from countersign.aggregates.report.refusals import NotReady, WrongStatus
from countersign.commands.permit import NotPermitted
from countersign.commands.rendering.cancel_rendering import CancelRendering
from countersign.commands.rendering.complete_rendering import CompleteRendering
from countersign.commands.rendering.discard_rendering import DiscardRendering
from countersign.commands.rendering.fail_rendering import FailRendering
from countersign.commands.rendering.request_rendering import RequestRendering
from countersign.commands.rendering.retry_rendering import RetryRendering
from countersign.commands.rendering.start_rendering import StartRendering
from countersign.commands.report_type.define_report_type import DefineReportType
from countersign.commands.template.install_template import InstallTemplate
from tests.unit.aggregates.report.given import SPELLED
from tests.unit.commands.documents.office import THE_SYSTEM, Course, Office


def test_a_document_of_the_same_state_is_ordered_once(office: Office, course: Course) -> None:
    course.submitted()
    first = course.order(Kind.REVIEW)
    head = office.log.head()
    assert course.order(Kind.REVIEW) == first
    assert office.log.head() == head
    rendering = office.get(Rendering, first)
    assert office.store.blobs.has(rendering.input_digest)
    assert (rendering.kind, rendering.format, rendering.status) == ("review", "docx", "queued")


def test_a_review_copy_keeps_its_template_whatever_is_installed_later(office: Office, course: Course) -> None:
    course.submitted()
    first = course.order(Kind.REVIEW)
    office.give(InstallTemplate(slug="mini", name="Small", report_type="MINI", content=b"a newer file"))
    assert course.order(Kind.REVIEW) == first


def test_a_draft_is_made_with_the_template_in_force(office: Office, course: Course) -> None:
    course.create()
    first = course.order(Kind.DRAFT, office.eva)
    office.give(InstallTemplate(slug="mini", name="Small", report_type="MINI", content=b"a newer file"))
    assert course.order(Kind.DRAFT, office.eva) != first


def test_people_order_drafts_only(office: Office, course: Course) -> None:
    course.approved()
    course.order(Kind.DRAFT, office.pia)
    for kind in (Kind.REVIEW, Kind.FINAL):
        with pytest.raises(NotPermitted):
            course.order(kind, office.pia)


def test_strangers_to_the_report_order_nothing(office: Office, course: Course) -> None:
    course.create(by=office.ada)
    for person in (office.eva, office.vera, office.olga):
        with pytest.raises(NotPermitted):
            course.order(Kind.DRAFT, person)


def test_a_document_of_another_revision_is_not_made(office: Office, course: Course) -> None:
    course.create()
    command = RequestRendering(report_id=course.report_id, revision="R1", kind=Kind.DRAFT, format=Format.DOCX)
    with pytest.raises(WrongStatus):
        office.give(command, office.eva)


def test_a_final_document_waits_for_the_approval(course: Course) -> None:
    course.submitted()
    with pytest.raises(WrongStatus):
        course.order(Kind.FINAL)


def test_without_a_template_there_is_no_document(office: Office, course: Course) -> None:
    office.give(DefineReportType(definition={**SPELLED, "version": 2, "template": "other.docx"}))
    course.create()
    with pytest.raises(NotReady):
        course.order(Kind.DRAFT, office.eva)


def test_a_failed_document_is_tried_again_given_up_and_taken_up_by_an_operator(
    office: Office, course: Course
) -> None:
    course.submitted()
    rendering_id = course.order(Kind.REVIEW)
    for failure in (FailureClass.TIMEOUT, FailureClass.VALIDATION):
        office.give(StartRendering(rendering_id=rendering_id, worker="worker-1"))
        office.give(
            FailRendering(
                rendering_id=rendering_id, failure_class=failure, message="why", retry_at=office.now
            )
        )
    rendering = office.get(Rendering, rendering_id)
    assert (rendering.status, rendering.attempts) == (RenderingStatus.DEAD_LETTERED, 2)
    with pytest.raises(RenderingFinished):
        office.give(StartRendering(rendering_id=rendering_id, worker="worker-1"))

    office.give(RetryRendering(rendering_id=rendering_id), office.olga)

    assert office.get(Rendering, rendering_id).status is RenderingStatus.QUEUED
    assert course.render(Kind.REVIEW) == rendering_id


def test_an_operator_has_a_document_not_made_and_takes_it_up_again(office: Office, course: Course) -> None:
    course.submitted()
    rendering_id = course.order(Kind.REVIEW)
    office.give(StartRendering(rendering_id=rendering_id, worker="worker-1"))

    office.give(CancelRendering(rendering_id=rendering_id, reason="the queue is full"), office.olga)

    assert office.get(Rendering, rendering_id).status is RenderingStatus.CANCELLED
    with pytest.raises(RenderingFinished):
        office.give(CompleteRendering(rendering_id=rendering_id, artifacts=(), duration_ms=1))
    office.give(RetryRendering(rendering_id=rendering_id), office.olga)
    assert course.render(Kind.REVIEW) == rendering_id


def test_an_operator_lays_a_dead_letter_aside(office: Office, course: Course) -> None:
    course.submitted()
    rendering_id = course.order(Kind.REVIEW)
    discard = DiscardRendering(rendering_id=rendering_id, reason="a newer revision is there")
    with pytest.raises(RenderingNotGivenUp):
        office.give(discard, office.olga)
    office.give(StartRendering(rendering_id=rendering_id, worker="worker-1"))
    failure = FailureClass.VALIDATION
    office.give(FailRendering(rendering_id=rendering_id, failure_class=failure, message="why", retry_at=None))

    office.give(discard, office.olga)

    assert office.get(Rendering, rendering_id).status is RenderingStatus.DISCARDED


def test_a_document_reported_again_is_no_event(office: Office, course: Course) -> None:
    course.submitted()
    rendering_id = course.render(Kind.REVIEW)
    head = office.log.head()
    artifacts = office.get(Rendering, rendering_id).artifacts
    office.give(CompleteRendering(rendering_id=rendering_id, artifacts=artifacts, duration_ms=99))
    assert office.log.head() == head


def test_the_making_of_documents_is_for_workers_and_the_retry_for_people(
    office: Office, course: Course
) -> None:
    course.submitted()
    rendering_id = course.order(Kind.REVIEW)
    for command in (
        StartRendering(rendering_id=rendering_id, worker="me"),
        CompleteRendering(rendering_id=rendering_id, artifacts=(), duration_ms=1),
        FailRendering(
            rendering_id=rendering_id, failure_class=FailureClass.UNKNOWN, message="", retry_at=None
        ),
    ):
        with pytest.raises(NotPermitted):
            office.give(command, office.ada)
    for decision in (
        RetryRendering(rendering_id=rendering_id),
        CancelRendering(rendering_id=rendering_id, reason="why not"),
        DiscardRendering(rendering_id=rendering_id, reason="why not"),
    ):
        for person in (THE_SYSTEM, office.eva):
            with pytest.raises(NotPermitted):
                office.give(decision, person)
