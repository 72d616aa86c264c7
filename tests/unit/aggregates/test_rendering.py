"""A rendering is attempted until the document is there, or given up by the class of its failure."""

from __future__ import annotations

from copy import copy
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from countersign.aggregates.account_refusals import ReasonRequired
from countersign.aggregates.artifact import Artifact
from countersign.aggregates.render_order import Format, Kind, RenderOrder
from countersign.aggregates.rendering import LONGEST_MESSAGE, FailureClass, Rendering, RenderingStatus
from countersign.aggregates.rendering_refusals import (
    RenderingFinished,
    RenderingNotGivenUp,
    RenderingNotRunning,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(seconds=5)
OPERATOR = UUID(int=7)
ORDER = RenderOrder(UUID(int=1), "R0", Kind.FINAL, Format.DOCX, "c" * 64, "t" * 64, "1", b"{}")
DOCX = Artifact(Format.DOCX, "d" * 64, 1000)


def requested() -> Rendering:
    return Rendering.request(NOW, ORDER)


def running() -> Rendering:
    rendering = requested()
    rendering.start(NOW, "worker-1")
    return rendering


def completed() -> Rendering:
    rendering = running()
    rendering.complete(LATER, [DOCX], 40)
    return rendering


def given_up() -> Rendering:
    rendering = running()
    rendering.fail(LATER, FailureClass.VALIDATION, "no such tag", LATER)
    return rendering


def test_an_order_says_what_the_document_is_made_of() -> None:
    (event,) = requested().collect_events()
    assert isinstance(event, Rendering.Created)
    assert event.originator_id == ORDER.rendering_id
    assert (event.report_id, event.revision, event.kind, event.format) == (
        UUID(int=1),
        "R0",
        Kind.FINAL,
        Format.DOCX,
    )
    assert (event.input_digest, event.content_digest) == (ORDER.input_digest, "c" * 64)
    assert (event.template_digest, event.engine_version) == ("t" * 64, "1")


def test_equal_input_is_one_rendering_and_any_difference_another() -> None:
    others = [
        RenderOrder(UUID(int=1), "R0", Kind.FINAL, Format.PDF, "c" * 64, "t" * 64, "1", b"{}"),
        RenderOrder(UUID(int=1), "R0", Kind.REVIEW, Format.DOCX, "c" * 64, "t" * 64, "1", b"{}"),
        RenderOrder(UUID(int=1), "R0", Kind.FINAL, Format.DOCX, "c" * 64, "t" * 64, "1", b"{ }"),
    ]
    assert len({ORDER.rendering_id, *(other.rendering_id for other in others)}) == 4
    assert copy(ORDER).rendering_id == ORDER.rendering_id


def test_a_started_attempt_is_running_under_its_number() -> None:
    rendering = running()
    assert (rendering.status, rendering.attempts) == (RenderingStatus.RUNNING, 1)


def test_an_attempt_that_was_cut_off_can_be_begun_again() -> None:
    rendering = running()
    rendering.start(LATER, "worker-2")
    assert rendering.attempts == 2


def test_a_finished_document_is_kept_with_its_digest() -> None:
    rendering = completed()
    assert (rendering.status, rendering.artifacts) == (RenderingStatus.COMPLETED, (DOCX,))
    assert rendering.document == DOCX


def test_the_document_is_the_file_in_the_wanted_format() -> None:
    rendering = running()
    rendering.complete(LATER, [Artifact(Format.PDF, "e" * 64, 1)], 40)
    assert rendering.document is None


def test_the_same_document_reported_again_is_no_event() -> None:
    rendering = completed()
    rendering.complete(LATER, [DOCX], 60)
    assert len(rendering.pending_events) == 3


def test_another_document_for_the_same_input_is_refused() -> None:
    with pytest.raises(RenderingFinished):
        completed().complete(LATER, [Artifact(Format.DOCX, "e" * 64, 1000)], 40)


@pytest.mark.parametrize("failure", [each for each in FailureClass if each is not FailureClass.VALIDATION])
def test_it_is_tried_for_as_long_as_there_is_a_time_for_another_attempt(failure: FailureClass) -> None:
    rendering = requested()
    for _ in range(7):
        rendering.start(NOW, "worker-1")
        rendering.fail(NOW, failure, "why", LATER)
        assert rendering.status is RenderingStatus.RETRYING
    rendering.start(NOW, "worker-1")
    rendering.fail(NOW, failure, "why", None)
    assert rendering.status is RenderingStatus.DEAD_LETTERED
    failed, dead = rendering.pending_events[-2:]
    assert isinstance(failed, Rendering.AttemptFailed)
    assert (failed.attempt, failed.retry_at) == (8, None)
    assert isinstance(dead, Rendering.DeadLettered)
    assert dead.failure_class is failure


def test_what_broke_a_rule_is_never_tried_again() -> None:
    rendering = running()
    rendering.fail(NOW, FailureClass.VALIDATION, "why", LATER)
    assert rendering.status is RenderingStatus.DEAD_LETTERED
    failed, _ = rendering.pending_events[-2:]
    assert isinstance(failed, Rendering.AttemptFailed)
    assert failed.retry_at is None


def test_an_attempt_to_come_has_its_time() -> None:
    rendering = running()
    rendering.fail(NOW, FailureClass.TIMEOUT, "why", LATER)
    failed = rendering.pending_events[-1]
    assert isinstance(failed, Rendering.AttemptFailed)
    assert failed.retry_at == LATER


def test_without_a_time_for_another_attempt_it_is_given_up() -> None:
    rendering = running()
    rendering.fail(NOW, FailureClass.TRANSIENT, "x" * (LONGEST_MESSAGE + 1), None)
    dead = rendering.pending_events[-1]
    assert isinstance(dead, Rendering.DeadLettered)
    assert len(dead.message) == LONGEST_MESSAGE


def test_what_was_given_up_can_be_taken_up_with_all_its_attempts() -> None:
    rendering = given_up()
    before = copy(rendering)
    rendering.retry(LATER, OPERATOR)
    assert (rendering.status, rendering.attempts) == (RenderingStatus.QUEUED, 0)
    assert before.status is RenderingStatus.DEAD_LETTERED
    rendering.start(LATER, "worker-1")
    assert rendering.attempts == 1


def test_only_what_was_given_up_is_taken_up_again() -> None:
    for rendering in (requested(), running(), completed()):
        with pytest.raises(RenderingNotGivenUp):
            rendering.retry(LATER, OPERATOR)


def test_nothing_happens_to_what_is_finished() -> None:
    for rendering in (completed(), given_up()):
        with pytest.raises(RenderingFinished):
            rendering.start(LATER, "worker-1")
        with pytest.raises(RenderingFinished):
            rendering.fail(LATER, FailureClass.UNKNOWN, "why", LATER)
    with pytest.raises(RenderingFinished):
        given_up().complete(LATER, [DOCX], 40)


def test_an_outcome_needs_an_attempt() -> None:
    with pytest.raises(RenderingNotRunning):
        requested().complete(LATER, [DOCX], 40)
    with pytest.raises(RenderingNotRunning):
        requested().fail(LATER, FailureClass.UNKNOWN, "why", LATER)


def cancelled() -> Rendering:
    rendering = running()
    rendering.cancel(LATER, OPERATOR, "not needed")
    return rendering


def discarded() -> Rendering:
    rendering = given_up()
    rendering.discard(LATER, OPERATOR, "a typing error")
    return rendering


def test_a_rendering_that_was_called_off_goes_no_further() -> None:
    for rendering, status in ((cancelled(), "cancelled"), (discarded(), "discarded")):
        assert rendering.status == status
        with pytest.raises(RenderingFinished):
            rendering.start(LATER, "worker-1")
        with pytest.raises(RenderingFinished):
            rendering.complete(LATER, [DOCX], 40)
        with pytest.raises(RenderingFinished):
            rendering.cancel(LATER, OPERATOR, "again")


def test_what_was_called_off_can_be_taken_up_again() -> None:
    for rendering in (cancelled(), discarded()):
        rendering.retry(LATER, OPERATOR)

        assert (rendering.status, rendering.attempts) == (RenderingStatus.QUEUED, 0)


def test_only_a_dead_letter_is_laid_aside_and_only_what_is_open_is_cancelled() -> None:
    for rendering in (requested(), running(), completed(), cancelled(), discarded()):
        with pytest.raises(RenderingNotGivenUp):
            rendering.discard(LATER, OPERATOR, "why not")
    for rendering in (completed(), given_up()):
        with pytest.raises(RenderingFinished):
            rendering.cancel(LATER, OPERATOR, "why not")


def test_who_calls_a_rendering_off_says_why() -> None:
    with pytest.raises(ReasonRequired):
        requested().cancel(LATER, OPERATOR, " ")
    with pytest.raises(ReasonRequired):
        given_up().discard(LATER, OPERATOR, "")
