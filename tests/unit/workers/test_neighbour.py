from __future__ import annotations

from dataclasses import dataclass

from countersign.workers.neighbour import LOOK_AGAIN_S, TRY_EVERY_S, Patience


@dataclass
class Clock:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def test_while_all_is_well_everything_may_be_tried() -> None:
    patience = Patience(Clock())
    assert patience.room(5, held=3) == 5
    assert patience.wait_s() == 0.0


def test_while_the_neighbour_is_away_one_piece_is_tried_now_and_then() -> None:
    clock = Clock()
    patience = Patience(clock)
    patience.away(TRY_EVERY_S)
    assert patience.room(5, held=0) == 0
    assert patience.wait_s() == TRY_EVERY_S
    clock.now += TRY_EVERY_S
    assert patience.room(5, held=0) == 1
    assert patience.room(5, held=1) == 0
    assert patience.room(0, held=0) == 0
    assert patience.wait_s() == LOOK_AGAIN_S


def test_what_gets_through_ends_the_waiting_for_all() -> None:
    patience = Patience(Clock())
    patience.away(TRY_EVERY_S)
    patience.back()
    assert patience.room(5, held=1) == 5


def test_an_outage_is_worth_saying_once_a_minute() -> None:
    clock = Clock()
    patience = Patience(clock)
    said = []
    for _ in range(61):
        said.append(patience.away(TRY_EVERY_S))
        clock.now += TRY_EVERY_S
    assert [number for number, worth in enumerate(said) if worth] == [0, 30, 60]


def test_one_that_comes_and_goes_is_not_said_more_often() -> None:
    patience = Patience(Clock())
    assert patience.away(TRY_EVERY_S)
    patience.back()
    assert not patience.away(TRY_EVERY_S)
