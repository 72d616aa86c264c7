"""Orders about a read model: which follow from which, and which are refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from countersign.aggregates.read_model import Proposal, ReadModel, read_model_id
from countersign.aggregates.read_model_builds import MOST_SEGMENTS, BuildStatus, Promote
from countersign.aggregates.root import DomainError, derived_id

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
WHY = "the tables are in doubt"
ONE, OTHER = UUID(int=1), UUID(int=2)

Act = Callable[[ReadModel], object]


@pytest.fixture
def model() -> ReadModel:
    opened = ReadModel.open(NOW, "people")
    opened.collect_events()
    return opened


def rebuilt(model: ReadModel, *, keep: bool = True) -> int:
    return model.order_rebuild(NOW, 3, 1, Promote.EQUAL, WHY, keep=keep)


def shown(model: ReadModel, *, keep: bool = True) -> int:
    build = rebuilt(model, keep=keep)
    model.note_promotion(NOW, build, model.shown, 70, 0)
    return build


def refusal(model: ReadModel, act: Act) -> str:
    model.collect_events()
    with pytest.raises(DomainError) as refused:
        act(model)
    assert not list(model.collect_events())
    return refused.value.code


def test_it_is_found_by_its_name_and_begins_with_a_build_that_nobody_ordered(model: ReadModel) -> None:
    assert model.id == read_model_id("people") == derived_id("read_model", "people")
    assert (model.shown, model.builds) == (1, {1: BuildStatus.SHOWN})
    assert (model.candidate, model.replaced, model.paused) == (None, None, False)


def test_a_rebuild_is_the_next_build_and_says_how_it_is_made(model: ReadModel) -> None:
    assert model.order_rebuild(NOW, 3, 4, Promote.NEVER, f"  {WHY}\n", keep=False) == 2

    (event,) = model.collect_events()
    assert isinstance(event, ReadModel.RebuildOrdered)
    assert (event.build, event.version, event.segments, event.keep) == (2, 3, 4, False)
    assert (event.promote, event.reason, model.candidate) == (Promote.NEVER, WHY, 2)


def test_there_is_one_candidate_at_a_time(model: ReadModel) -> None:
    rebuilt(model)

    assert refusal(model, rebuilt) == "rebuild_under_way"


@pytest.mark.parametrize("segments", [0, MOST_SEGMENTS + 1])
def test_there_are_at_least_one_and_at_most_so_many_segments(model: ReadModel, segments: int) -> None:
    def split(model: ReadModel) -> None:
        model.order_rebuild(NOW, 3, segments, Promote.EQUAL, WHY, keep=True)

    assert refusal(model, split) == "invalid_segments"


def test_a_number_is_never_given_twice(model: ReadModel) -> None:
    model.cancel(NOW, rebuilt(model), WHY)

    assert rebuilt(model) == 3


def test_a_promotion_is_noted_once_and_keeps_what_it_replaces(model: ReadModel) -> None:
    shown(model)
    model.collect_events()
    model.note_promotion(NOW, 2, 1, 70, 0)

    assert not list(model.collect_events())
    assert (model.shown, model.replaced) == (2, 1)
    assert model.builds == {1: BuildStatus.KEPT, 2: BuildStatus.SHOWN}


def test_what_is_not_kept_cannot_be_gone_back_to(model: ReadModel) -> None:
    shown(model, keep=False)

    assert (model.builds[1], model.replaced) == (BuildStatus.GONE, None)
    assert refusal(model, lambda it: it.order_rollback(NOW, WHY)) == "nothing_to_roll_back_to"
    assert refusal(model, lambda it: it.order_promotion(NOW, 1, WHY, keep=True)) == "build_gone"


def test_a_build_may_be_shown_where_there_was_none(model: ReadModel) -> None:
    model.note_promotion(NOW, rebuilt(model), None, 70, None)

    assert (model.shown, model.replaced) == (2, None)


def test_a_rollback_shows_the_replaced_build_and_keeps_the_other(model: ReadModel) -> None:
    shown(model)

    assert model.order_rollback(NOW, WHY) == 1
    model.note_promotion(NOW, 1, 2, 71, None)

    assert (model.shown, model.replaced) == (1, 2)
    assert model.builds == {1: BuildStatus.SHOWN, 2: BuildStatus.KEPT}


def test_a_promotion_that_was_ordered_decides_whether_the_replaced_one_stays(model: ReadModel) -> None:
    build = rebuilt(model, keep=True)
    model.order_promotion(NOW, build, WHY, keep=False)
    model.note_promotion(NOW, build, 1, 70, 12)

    assert model.builds == {1: BuildStatus.GONE, 2: BuildStatus.SHOWN}


def test_a_retired_build_is_gone_for_a_rollback_too(model: ReadModel) -> None:
    shown(model)
    model.order_retirement(NOW, 1, WHY)

    assert (model.builds[1], model.replaced) == (BuildStatus.GONE, None)


def test_a_candidate_can_be_retired_while_another_one_is_kept(model: ReadModel) -> None:
    shown(model)
    model.order_retirement(NOW, rebuilt(model), WHY)

    assert (model.candidate, model.replaced) == (None, 1)


@pytest.mark.parametrize(
    "act",
    [
        lambda it: it.cancel(NOW, 9, WHY),
        lambda it: it.order_promotion(NOW, 9, WHY, keep=True),
        lambda it: it.order_retirement(NOW, 9, WHY),
    ],
    ids=["cancel", "promote", "retire"],
)
def test_a_build_that_there_never_was_is_refused(model: ReadModel, act: Act) -> None:
    assert refusal(model, act) == "unknown_build"


@pytest.mark.parametrize(
    "act",
    [
        lambda it: it.cancel(NOW, 1, WHY),
        lambda it: it.order_promotion(NOW, 1, WHY, keep=True),
        lambda it: it.order_retirement(NOW, 1, WHY),
    ],
    ids=["cancel", "promote", "retire"],
)
def test_the_build_that_readers_see_stays(model: ReadModel, act: Act) -> None:
    assert refusal(model, act) == "build_shown"


def test_a_build_that_was_shown_is_retired_instead_of_cancelled(model: ReadModel) -> None:
    shown(model)

    assert refusal(model, lambda it: it.cancel(NOW, 1, WHY)) == "build_not_cancellable"


def test_a_pause_ends_with_its_resumption_and_is_made_once(model: ReadModel) -> None:
    model.pause(NOW, WHY)
    assert refusal(model, lambda it: it.pause(NOW, WHY)) == "projection_paused"

    model.resume(NOW, WHY)
    assert not model.paused


def test_one_that_stopped_by_itself_is_resumed_too(model: ReadModel) -> None:
    model.resume(NOW, WHY)

    assert [type(event) for event in model.collect_events()] == [ReadModel.Resumed]


def test_a_discard_takes_two_people(model: ReadModel) -> None:
    model.propose_discard(NOW, 17, ONE, WHY)

    assert model.proposals == {17: Proposal(ONE, WHY, NOW)}
    assert refusal(model, lambda it: it.propose_discard(NOW, 17, OTHER, WHY)) == "discard_already_proposed"
    assert refusal(model, lambda it: it.approve_discard(NOW, 17, ONE, WHY)) == "second_person_required"
    assert refusal(model, lambda it: it.approve_discard(NOW, 18, OTHER, WHY)) == "no_discard_proposed"

    model.approve_discard(NOW, 17, OTHER, "I have looked at it too")
    (event,) = model.collect_events()
    assert isinstance(event, ReadModel.DiscardApproved)
    assert (event.position, event.approved_by, model.proposals) == (17, OTHER, {})


@pytest.mark.parametrize(("positions", "left"), [((17,), {18}), ((), set()), ((40,), {17, 18})])
def test_trying_letters_again_takes_back_what_was_proposed_about_them(
    model: ReadModel, positions: tuple[int, ...], left: set[int]
) -> None:
    for position in (17, 18):
        model.propose_discard(NOW, position, ONE, WHY)

    model.retry_letters(NOW, positions, WHY)

    assert set(model.proposals) == left


@pytest.mark.parametrize(
    "reason", ["", "too short", " \n x ", "x" * 501], ids=["none", "nine", "blank", "long"]
)
@pytest.mark.parametrize(
    "order",
    [
        lambda it, why: it.order_rebuild(NOW, 3, 1, Promote.EQUAL, why, keep=True),
        lambda it, why: it.cancel(NOW, 2, why),
        lambda it, why: it.order_promotion(NOW, 2, why, keep=True),
        lambda it, why: it.order_rollback(NOW, why),
        lambda it, why: it.order_retirement(NOW, 2, why),
        lambda it, why: it.pause(NOW, why),
        lambda it, why: it.resume(NOW, why),
        lambda it, why: it.retry_letters(NOW, (), why),
        lambda it, why: it.propose_discard(NOW, 17, ONE, why),
        lambda it, why: it.approve_discard(NOW, 17, ONE, why),
    ],
    ids=[
        "rebuild",
        "cancel",
        "promote",
        "go back",
        "retire",
        "pause",
        "resume",
        "retry",
        "propose",
        "approve",
    ],
)
def test_every_order_says_why(
    model: ReadModel, order: Callable[[ReadModel, str], object], reason: str
) -> None:
    assert refusal(model, lambda it: order(it, reason)) == "reason_required"
