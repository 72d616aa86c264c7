from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from countersign.aggregates.root import ClockRefused, Erased, Root, derived_id, event_id

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


class Bell(Root):
    TOPIC = "bell"

    class Created(Root.Created):
        TOPIC = "bell.cast"

    class Rung(Root.Event):
        TOPIC = "bell.rung"


def test_no_event_asks_the_clock() -> None:
    bell = Bell._create(Bell.Created, id=uuid4(), timestamp=NOW)
    for moment in ({}, {"timestamp": None}, {"timestamp": NOW.replace(tzinfo=None)}):
        with pytest.raises(ClockRefused):
            bell.trigger_event(Bell.Rung, **moment)
        with pytest.raises(ClockRefused):
            Bell._create(Bell.Created, id=uuid4(), **moment)
    assert len(bell.pending_events) == 1


def test_an_erased_value_does_not_show_whose_it_was() -> None:
    assert str(Erased(uuid4())) == "(erased)"


def test_an_id_is_derived_from_kind_and_parts_and_from_nothing_else() -> None:
    assert derived_id("a", "b,c") != derived_id("a", "b", "c")
    assert derived_id("number", "SAT-1") == derived_id("number", "SAT-1")


def test_an_event_has_the_id_of_its_place() -> None:
    stream = uuid4()
    assert event_id(stream, 2) == event_id(stream, 2) != event_id(stream, 3)
