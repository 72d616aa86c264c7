"""Effects that are done one after the other, and what happens to those behind one that waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from countersign.eventstore.databases import Database
from countersign.workers.effect import State
from countersign.workers.effect_board import EffectBoard
from countersign.workers.effects import Effects
from tests.integration.workers.effects_rig import NOON, a_cause, a_wish, want

HOUR = timedelta(hours=1)


def test_what_waits_holds_up_those_behind_it_and_who_comes_late_holds_up_nobody(
    read: Database, effects: Effects
) -> None:
    wishes = (replace(a_wish(str(number)), lane="one endpoint") for number in range(2))
    want(read, *((wish, a_cause(position)) for position, wish in enumerate(wishes, 1)))
    (late,) = effects.claim("work", "cut off", NOON, 1.0, 10)
    (taken,) = effects.claim("work", "quicker", NOON + HOUR, 60.0, 10)
    effects.complete(taken, NOON + HOUR)

    assert not effects.postpone(late, NOON + 9 * HOUR)

    (behind,) = effects.claim("work", "quicker", NOON + HOUR, 60.0, 10)
    assert behind.payload["target"] == "1"
    want(read, (replace(a_wish("2"), lane="one endpoint"), a_cause(3)))
    assert effects.postpone(behind, NOON + 9 * HOUR)
    assert effects.next_due("work") == NOON + 9 * HOUR
    (again,) = effects.claim("work", "quicker", NOON + 9 * HOUR, 60.0, 10)
    effects.complete(again, NOON + 9 * HOUR)
    assert effects.next_due("work") == NOON + 9 * HOUR


def test_what_was_called_off_while_a_worker_was_at_it_holds_up_nobody(
    read: Database, effects: Effects, board: EffectBoard
) -> None:
    wishes = (replace(a_wish(str(number)), lane="one endpoint") for number in range(2))
    want(read, *((wish, a_cause(position)) for position, wish in enumerate(wishes, 1)))
    (taken,) = effects.claim("work", "one", NOON, 60.0, 10)
    assert board.cancel(taken.id, NOON, uuid4())

    assert effects.postpone(taken, NOON + 9 * HOUR)

    (behind,) = effects.claim("work", "one", NOON, 60.0, 10)
    assert behind.payload["target"] == "1"
    assert next(each for each in board.listed() if each.id == taken.id).state == State.CANCELLED
