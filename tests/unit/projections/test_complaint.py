"""What is said of an event that could not be taken names nobody."""

from __future__ import annotations

import msgspec
import pytest
from sqlalchemy.exc import IntegrityError

from countersign.aggregates.role import Role
from countersign.eventstore.event_decoder import UnreadableEvent
from countersign.eventstore.topics import UnknownTopic
from countersign.projections.letters.complaint import complaint, unreadable
from tests.integration.projections.journal import ENGINEER
from tests.unit.projections.told import Told


def test_the_values_of_the_person_are_masked_however_they_are_written() -> None:
    told = Told()
    told.account(ENGINEER, "Ann Author", Role.ENGINEER)
    error = ValueError("'ANN AUTHOR' <ann author@example.com> is nobody")
    assert str(complaint(error, told.events[0])) == "ValueError: '(personal)' <(personal)> is nobody"


def test_a_refused_row_is_not_told() -> None:
    class Refusal(Exception):
        pgcode = "23502"

    refusal = Refusal('null value in column "name"\nDETAIL:  Failing row contains (Ann).')
    told = complaint(IntegrityError("INSERT", None, refusal))
    assert str(told) == 'IntegrityError: null value in column "name"'


def test_what_a_database_could_not_read_is_not_told() -> None:
    told = complaint(IntegrityError("INSERT", None, Exception('invalid input syntax for type uuid: "Ann"')))
    assert told.error == "invalid input syntax for type uuid"


def test_of_an_event_that_fits_no_class_the_place_is_told() -> None:
    with pytest.raises(UnreadableEvent) as refused:
        _decode(b'{"events": "many"}')
    told = unreadable(refused.value)
    assert told.error_class == "UnreadableEvent"
    assert told.error.endswith("Expected `int`, got `str` - at `$.events`")


def test_of_what_is_not_known_to_be_harmless_only_the_class_is_told() -> None:
    named = UnreadableEvent("account.registered: Ann")
    named.__cause__ = ValueError("Ann")
    assert "Ann" not in str(unreadable(named))
    assert str(unreadable(UnknownTopic("no class for 'a.b'"))) == "UnknownTopic: no class for 'a.b'"


class _Counted(msgspec.Struct):
    events: int


def _decode(stored: bytes) -> None:
    try:
        msgspec.json.decode(stored, type=_Counted)
    except msgspec.MsgspecError as error:
        raise UnreadableEvent(f"counted: {error}") from error
