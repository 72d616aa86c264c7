"""Review copies that nobody will read are found in the read tables and called off."""

from __future__ import annotations

import pytest

from countersign.aggregates.render_order import Kind
from countersign.aggregates.rendering import Rendering, RenderingStatus
from countersign.aggregates.report.report import Report
from countersign.commands.report.request_changes import RequestChanges
from countersign.eventstore.leases import Leases
from countersign.projections.building import schema
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following.runner import Runner
from countersign.workers import course as courses
from countersign.workers.effect import Effect
from countersign.workers.issuer import Issuer
from countersign.workers.reactions.call_off_review_copies import call_off_review_copies
from countersign.workers.review_copies import CallOffReviewCopies
from tests.integration.workers.plant import Plant
from tests.unit.commands.documents.office import Course


def effect_of_the_return(plant: Plant) -> Effect:
    (sent_back,) = (each for each in plant.events() if isinstance(each.event, Report.ChangesRequested))
    (wanted,) = call_off_review_copies(sent_back)
    return Effect(
        id=sent_back.event_id,
        queue=wanted.queue,
        kind=wanted.kind,
        reaction="call_off_review_copies",
        cause=sent_back.event_id,
        position=sent_back.position,
        correlation="trail",
        payload=wanted.payload,
        holder="worker",
        fence=1,
        attempts=0,
        crashes=0,
    )


def test_what_is_not_made_yet_is_called_off_once_the_tables_know_of_it(plant: Plant) -> None:
    read, course = plant.databases.read, Course(plant)
    schema.create(read, PROJECTIONS)
    decode = plant.store.mapper.happened
    runner = Runner(plant.log, decode, read, Leases(read), plant.wakeups, PROJECTIONS, "projections")
    course.submitted()
    copy, draft = course.order(Kind.REVIEW), course.order(Kind.DRAFT)
    request = RequestChanges(
        report_id=course.report_id,
        expected_version=course.report.version,
        stage=1,
        reason="A signal list is missing",
    )
    plant.give(request, plant.tom)
    duty = CallOffReviewCopies(read, Issuer(plant.dispatcher), lambda: plant.now)
    effect = effect_of_the_return(plant)
    with pytest.raises(courses.NotYet):
        duty.perform(effect, courses.Course())
    runner.catch_up()

    duty.perform(effect, courses.Course())

    states = [plant.get(Rendering, each).status for each in (copy, draft)]
    assert states == [RenderingStatus.CANCELLED, RenderingStatus.QUEUED]
