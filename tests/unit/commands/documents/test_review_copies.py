"""The review copy of what was sent back is not made, and what is wanted after all is."""

from __future__ import annotations

import pytest

from countersign.aggregates.render_order import Kind
from countersign.aggregates.rendering import Rendering, RenderingStatus
from countersign.commands.permit import NotPermitted
from countersign.commands.rendering.call_off_review_copy import CallOffReviewCopy
from countersign.commands.rendering.cancel_rendering import CancelRendering
from countersign.commands.report.request_changes import RequestChanges
from tests.unit.commands.documents.office import Course, Office


def sent_back(office: Office, course: Course) -> None:
    request = RequestChanges(
        report_id=course.report_id,
        expected_version=course.report.version,
        stage=1,
        reason="A signal list is missing",
    )
    office.give(request, office.tom)


def test_a_copy_of_what_was_sent_back_is_not_made(office: Office, course: Course) -> None:
    course.submitted()
    copy = course.order(Kind.REVIEW)
    call_off = CallOffReviewCopy(rendering_id=copy)
    office.give(call_off)
    assert office.get(Rendering, copy).status is RenderingStatus.QUEUED
    sent_back(office, course)
    with pytest.raises(NotPermitted):
        office.give(call_off, office.ada)

    office.give(call_off)
    office.give(call_off)

    assert office.get(Rendering, copy).status is RenderingStatus.CANCELLED
    (cancelled,) = (each.event for each in office.events() if isinstance(each.event, Rendering.Cancelled))
    assert cancelled.reason == "changes were requested"


def test_a_copy_that_is_wanted_again_meanwhile_is_made(office: Office, course: Course) -> None:
    course.submitted()
    copy = course.order(Kind.REVIEW)
    sent_back(office, course)
    course.submit()

    office.give(CallOffReviewCopy(rendering_id=copy))

    assert office.get(Rendering, copy).status is RenderingStatus.QUEUED


def test_what_was_called_off_and_is_ordered_again_is_made(office: Office, course: Course) -> None:
    course.create()
    draft = course.order(Kind.DRAFT, office.eva)
    office.give(CancelRendering(rendering_id=draft, reason="not needed"), office.olga)

    assert course.order(Kind.DRAFT, office.eva) == draft

    assert office.get(Rendering, draft).status is RenderingStatus.QUEUED
