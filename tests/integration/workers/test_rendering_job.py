"""Renderings that fail, and what becomes of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from countersign.aggregates.render_order import Format, Kind
from countersign.aggregates.rendering import Rendering, RenderingStatus
from countersign.commands.rendering.cancel_rendering import CancelRendering
from countersign.commands.rendering.request_rendering import RequestRendering
from countersign.commands.rendering.retry_rendering import RetryRendering
from countersign.commands.report.withdraw_submission import WithdrawSubmission
from countersign.commands.template.install_template import InstallTemplate
from countersign.workers.course import Watched
from countersign.workers.effect import State
from countersign.workers.effect_board import EffectBoard
from countersign.workers.options import QueueOptions, SmtpOptions
from countersign.workers.rendering import duties
from countersign.workers.rendering.limits import Limits
from countersign.workers.rendering.renderer import Rendered, Renderer
from countersign.workers.rendering.warm_process import nothing, unwatched
from countersign.workers.workforce import worker_parts
from tests.integration.workers.plant import QUICK, Plant, a_template, settings
from tests.integration.workers.running import running, wait_until
from tests.unit.commands.documents.office import Course

NO_MAIL = SmtpOptions(host="127.0.0.1", port=9, from_address="c@example.org")
ONLY = ("reactions", "commands", "rendering")
LETTERS = "{% for a in purpose.text %}"


def render(
    plant: Plant,
    renderer: Renderer,
    rendering: UUID,
    until: RenderingStatus,
    limits: Limits | None = None,
    rendering_queue: QueueOptions = QUICK,
) -> Rendering:
    options = settings(plant.folder, NO_MAIL, rendering=rendering_queue)
    parts = worker_parts(plant.surroundings("w"), options, renderer, limits or Limits(), ONLY)
    with running(*parts):
        wait_until(lambda: plant.get(Rendering, rendering).status is until, within_s=20)
    return plant.get(Rendering, rendering)


def failures(plant: Plant) -> list[dict[str, Any]]:
    events = (each.event for each in plant.events())
    return [
        {"class": each.failure_class, "again": each.retry_at is not None}
        for each in events
        if isinstance(each, Rendering.AttemptFailed)
    ]


def install(plant: Plant, text: str) -> None:
    plant.give(InstallTemplate(slug="mini", name="Small", report_type="MINI", content=a_template(text)))


def test_a_template_that_asks_for_what_is_not_there_is_never_tried_again(
    plant: Plant, course: Course, renderer: Renderer
) -> None:
    install(plant, "{{ nobody.knows.this }}")
    course.complete()

    given_up = render(plant, renderer, course.order(Kind.DRAFT), RenderingStatus.DEAD_LETTERED)

    assert given_up.attempts == 1
    assert failures(plant) == [{"class": "validation", "again": False}]


def test_a_rendering_that_takes_too_long_is_tried_again_and_then_given_up(
    plant: Plant, course: Course, renderer: Renderer
) -> None:
    install(plant, LETTERS * 7 + "{% endfor %}" * 7)
    course.complete()

    given_up = render(
        plant, renderer, course.order(Kind.DRAFT), RenderingStatus.DEAD_LETTERED, Limits(wall_s=0.3)
    )

    assert given_up.attempts == 3
    assert failures(plant) == [{"class": "timeout", "again": True}] * 2 + [
        {"class": "timeout", "again": False}
    ]


def test_the_queue_says_how_often_a_rendering_is_tried(
    plant: Plant, course: Course, renderer: Renderer
) -> None:
    install(plant, LETTERS * 7 + "{% endfor %}" * 7)
    course.complete()
    stubborn = replace(QUICK, max_attempts=5)

    given_up = render(
        plant,
        renderer,
        course.order(Kind.DRAFT),
        RenderingStatus.DEAD_LETTERED,
        Limits(wall_s=0.1),
        rendering_queue=stubborn,
    )

    assert given_up.attempts == 5
    board = EffectBoard(plant.databases.read)
    (effect,) = (each for each in board.listed() if each.kind == "render_document")
    assert (effect.state, effect.attempts) == ("dead", 5)


class Dawdling(Renderer):
    """Keeps who asks waiting, though it renders as fast as any."""

    def render(
        self,
        template: bytes,
        context: Mapping[str, object],
        limits: Limits,
        meanwhile: Callable[[], None] = nothing,
        watched: Watched = unwatched,
    ) -> Rendered:
        time.sleep(1.0)
        return super().render(template, context, limits, meanwhile, watched)


@pytest.mark.parametrize(
    ("form", "at_least_ms", "at_most_ms"), [(Format.DOCX, 1, 900), (Format.PDF, 1_200, 2_100)]
)
def test_the_time_on_record_is_that_of_the_making_alone(
    plant: Plant,
    course: Course,
    monkeypatch: pytest.MonkeyPatch,
    form: Format,
    at_least_ms: int,
    at_most_ms: int,
) -> None:
    def convert(docx: bytes, timeout_s: float, watched: Watched) -> bytes:
        time.sleep(1.2)
        return b"%PDF-1.7"

    monkeypatch.setattr(duties, "to_pdf", convert)
    course.complete()
    order = RequestRendering(report_id=course.report_id, revision="R0", kind=Kind.DRAFT, format=form)
    ((rendering, _),) = plant.give(order).streams

    with Dawdling() as renderer:
        render(plant, renderer, rendering, RenderingStatus.COMPLETED)

    (made,) = (each.event for each in plant.events() if isinstance(each.event, Rendering.Completed))
    assert at_least_ms <= made.duration_ms <= at_most_ms


def test_an_operator_takes_up_again_what_was_given_up(
    plant: Plant, course: Course, renderer: Renderer
) -> None:
    install(plant, LETTERS * 5 + "{% endfor %}" * 5 + "Made.")
    course.complete()
    rendering = course.order(Kind.DRAFT)
    render(plant, renderer, rendering, RenderingStatus.DEAD_LETTERED, Limits(wall_s=0.05))

    plant.give(RetryRendering(rendering_id=rendering), plant.olga)
    made = render(plant, renderer, rendering, RenderingStatus.COMPLETED)

    assert made.document is not None
    assert plant.store.blobs.has(made.document.digest)


def test_a_rendering_that_is_cancelled_is_stopped_while_it_is_made(
    plant: Plant, course: Course, renderer: Renderer
) -> None:
    install(plant, LETTERS * 7 + "{% endfor %}" * 7)
    course.complete()
    rendering, board = course.order(Kind.DRAFT), EffectBoard(plant.databases.read)
    options = settings(plant.folder, NO_MAIL)
    parts = worker_parts(plant.surroundings("w"), options, renderer, Limits(wall_s=60), ONLY)

    with running(*parts):
        wait_until(lambda: plant.get(Rendering, rendering).status is RenderingStatus.RUNNING)
        plant.give(CancelRendering(rendering_id=rendering, reason="not needed"), plant.olga)
        wait_until(lambda: State.CANCELLED in {each.state for each in board.listed()})

    assert plant.get(Rendering, rendering).status is RenderingStatus.CANCELLED
    assert failures(plant) == []


def test_the_same_document_is_made_once_however_often_it_is_ordered(
    plant: Plant, course: Course, renderer: Renderer
) -> None:
    course.complete()
    rendering = course.order(Kind.DRAFT)
    render(plant, renderer, rendering, RenderingStatus.COMPLETED)

    assert course.order(Kind.DRAFT) == rendering
    course.order(Kind.DRAFT)
    render(plant, renderer, rendering, RenderingStatus.COMPLETED)

    assert plant.topics().count("rendering.started") == 1


def test_a_review_copy_that_nobody_wants_any_more_is_no_dead_letter(
    plant: Plant, course: Course, renderer: Renderer
) -> None:
    course.submitted()
    withdrawal = WithdrawSubmission(
        report_id=course.report_id, expected_version=course.report.version, reason="something was forgotten"
    )
    plant.give(withdrawal, plant.eva)
    board = EffectBoard(plant.databases.read)

    parts = worker_parts(
        plant.surroundings("w"),
        settings(plant.folder, NO_MAIL),
        renderer,
        Limits(),
        ("reactions", "commands"),
    )
    with running(*parts):
        wait_until(
            lambda: [each.state for each in board.listed() if each.kind == "order_document"] == ["done"]
        )

    assert "rendering.requested" not in plant.topics()
