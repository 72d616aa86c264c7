"""What is tried, passed over or left waiting, as it is wanted and as the keys hang together."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from countersign.projections.letters.dead_letters import Letter, Wanted
from countersign.projections.letters.draining import planned
from countersign.projections.letters.parked import Parked

ONE, OTHER, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)


def failed(position: int, key: UUID, wanted: Wanted = Wanted.NOTHING, **more: object) -> Letter:
    told: dict[str, Any] = {"error_class": "ValueError", "error": "no", "attempts": 1, **more}
    return Letter(
        position=position,
        key=key,
        stream=key,
        version=position,
        topic="a.b",
        failed=True,
        wanted=wanted,
        **told,
    )


def held(position: int, key: UUID, *also: UUID, wanted: Wanted = Wanted.NOTHING) -> Letter:
    return Letter(
        position=position, key=key, also=also, stream=key, version=position, topic="a.b", failed=False,
        wanted=wanted,
    )  # fmt: skip


def outline(*letters: Letter, new_here: bool = False) -> tuple[list[int], list[int], list[int]]:
    plan = planned(letters, new_here=new_here)
    return (
        [each.position for each in plan.discarded],
        [each.position for each in plan.tried],
        [each.position for each in plan.waiting],
    )


def test_nothing_is_tried_until_somebody_says_so() -> None:
    assert outline(failed(1, ONE), held(2, ONE)) == ([], [], [1, 2])


def test_what_is_held_is_tried_with_what_it_waits_for() -> None:
    letters = (failed(1, ONE, Wanted.RETRY), held(2, ONE), failed(3, OTHER), held(4, OTHER))
    assert outline(*letters) == ([], [1, 2], [3, 4])


def test_what_is_left_of_a_key_is_tried_without_another_word() -> None:
    assert outline(held(2, ONE), held(3, ONE)) == ([], [2, 3], [])


def test_what_hangs_on_two_keys_waits_for_both() -> None:
    letters = (failed(1, ONE, Wanted.RETRY), failed(2, OTHER), held(3, ONE, OTHER), held(4, ONE))
    assert outline(*letters) == ([], [1], [2, 3, 4])


def test_what_waits_for_an_event_itself_is_tried_after_it() -> None:
    cause = failed(1, ONE)
    mail = held(2, OTHER, next(iter(cause.touched - {ONE})))
    assert outline(cause, mail, held(3, THIRD)) == ([], [3], [1, 2])
    assert outline(mail) == ([], [2], [])


def test_what_is_discarded_holds_nothing_up() -> None:
    letters = (failed(1, ONE, Wanted.DISCARD), held(2, ONE), held(3, ONE, wanted=Wanted.DISCARD))
    assert outline(*letters) == ([1, 3], [2], [])


def test_an_order_about_what_is_held_does_not_let_it_overtake() -> None:
    assert outline(failed(1, ONE), held(2, ONE, wanted=Wanted.RETRY)) == ([], [], [1, 2])


@pytest.mark.parametrize(("error_class", "tried"), [("UnknownTopic", [1]), ("ValueError", [])])
def test_a_new_owner_tries_what_the_one_before_did_not_know(error_class: str, tried: list[int]) -> None:
    assert outline(failed(1, ONE, error_class=error_class), new_here=True)[1] == tried
    assert outline(failed(1, ONE, error_class=error_class))[1] == []


def test_a_draft_holds_what_is_parked_already_and_leaves_it_as_it_is() -> None:
    parked = Parked([failed(1, ONE)])
    draft = parked.draft()
    draft.add(failed(2, OTHER))
    assert draft.holds(frozenset({ONE}))
    assert (draft.keys(), parked.keys()) == (2, 1)
    assert not parked.holds(frozenset({OTHER}))
    parked.commit(draft)
    assert parked.holds(frozenset({OTHER}))
    assert (parked.keys(), parked.letters) == (2, 2)
