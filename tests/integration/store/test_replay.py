from __future__ import annotations

from uuid import uuid4

import msgspec
import pytest
from cryptography.exceptions import InvalidTag

from countersign.aggregates.root import Erased
from countersign.eventstore.event_decoder import UnreadableEvent
from countersign.eventstore.log import Append, NewEvent
from countersign.eventstore.topics import UnknownTopic
from tests.integration.store.diary import Diary, Guest, WriteLine
from tests.integration.store.rig import NOW, Rig


def test_an_event_comes_back_exactly_as_it_was_recorded(rig: Rig) -> None:
    diary_id, guest = rig.begin("Ann Ångström <a&b>"), Guest(uuid4(), "Боб\n田中")
    rig.give(WriteLine(diary_id=diary_id, line='"quoted" & <tagged>\n', guests=(guest,)))
    begun, written = (rig.store.mapper.happened(row).event for row in rig.log.stream(diary_id))
    assert isinstance(begun, Diary.Created)
    assert begun.keeper == "Ann Ångström <a&b>"
    assert isinstance(written, Diary.Written)
    assert (written.originator_id, written.originator_version, written.timestamp) == (diary_id, 2, NOW)
    assert (written.line, written.guests) == ('"quoted" & <tagged>\n', (guest,))


def test_personal_values_are_not_readable_in_the_log(rig: Rig) -> None:
    diary_id = rig.begin("Ann Example")
    rig.give(WriteLine(diary_id=diary_id, line="open", guests=(Guest(uuid4(), "Bob Example"),)))
    stored = b"".join(row.state + row.metadata for row in rig.log.stream(diary_id))
    assert b"Example" not in stored
    assert b"open" in stored


def test_without_the_key_of_a_person_their_values_are_erased_and_all_else_stays(rig: Rig) -> None:
    bob, eve = Guest(uuid4(), "Bob"), Guest(uuid4(), "Eve")
    diary_id = rig.begin()
    rig.give(WriteLine(diary_id=diary_id, line="visit", guests=(bob, eve)))
    rig.forget_person(bob.subject)
    assert rig.restarted().diary(diary_id).guests == (Guest(bob.subject, Erased(bob.subject)), eve)


def test_a_sealed_value_that_was_moved_to_another_place_does_not_open(rig: Rig) -> None:
    diary_id, guest = rig.begin(), Guest(uuid4(), "Bob")
    rig.give(WriteLine(diary_id=diary_id, line="one", guests=(guest,)))
    row = rig.log.stream(diary_id, 1)[0]
    moved = NewEvent(diary_id, 3, row.topic, row.state, row.metadata)
    rig.log.append(Append((moved,)))
    with pytest.raises(InvalidTag):
        rig.store.mapper.happened(rig.log.stream(diary_id, 2)[0])


def test_an_old_event_is_read_in_todays_shape(rig: Rig) -> None:
    diary_id = rig.begin()
    state = msgspec.json.encode({"timestamp": NOW, "line": "from long ago"})
    metadata = rig.log.stream(diary_id)[0].metadata
    rig.log.append(Append((NewEvent(diary_id, 2, "diary.written", state, metadata),)))
    assert rig.diary(diary_id).lines == ("from long ago",)
    assert rig.diary(diary_id).guests == ()


@pytest.mark.parametrize("state", [b"{}", b'{"timestamp":"yesterday","line":"","guests":[]}', b"not json"])
def test_an_event_that_does_not_fit_says_where_it_stands(rig: Rig, state: bytes) -> None:
    diary_id = rig.begin()
    metadata = rig.log.stream(diary_id)[0].metadata
    rig.log.append(Append((NewEvent(diary_id, 2, "diary.written", state, metadata),)))
    with pytest.raises(UnreadableEvent, match=f"version 2 of {diary_id}"):
        rig.diary(diary_id)


def test_an_aggregate_of_an_unregistered_class_is_not_made(rig: Rig) -> None:
    diary_id = uuid4()
    row = rig.log.stream(rig.begin())[0]
    state = row.state.replace(b'"originator_topic":"diary"', b'"originator_topic":"os:system"')
    rig.log.append(Append((NewEvent(diary_id, 1, row.topic, state, row.metadata),)))
    with pytest.raises(UnknownTopic):
        rig.diary(diary_id)


def test_an_aggregate_is_had_as_it_was_at_a_version(rig: Rig) -> None:
    diary_id = rig.begin()
    for number in range(25):
        rig.give(WriteLine(diary_id=diary_id, line=str(number)))
    assert rig.diary(diary_id, version=4).lines == ("0", "1", "2")
    assert rig.diary(diary_id).version == 26


def test_a_snapshot_and_a_replay_give_the_same_aggregate(rig: Rig) -> None:
    diary_id, guest = rig.begin(), Guest(uuid4(), "Bob")
    for number in range(23):
        rig.give(WriteLine(diary_id=diary_id, line=str(number), guests=(guest,)))
    from_snapshot = rig.restarted().diary(diary_id)
    replayed = None
    for row in rig.log.stream(diary_id):
        replayed = rig.store.mapper.happened(row).event.mutate(replayed)
    assert from_snapshot == replayed
    assert rig.store.aggregates.snapshot_store is not None
    assert next(iter(rig.store.aggregates.snapshot_store.get(diary_id))).originator_version == 20


def test_a_snapshot_hides_personal_values_too(rig: Rig) -> None:
    diary_id, guest = rig.begin(), Guest(uuid4(), "Bob")
    for number in range(12):
        rig.give(WriteLine(diary_id=diary_id, line=str(number), guests=(guest,)))
    rig.forget_person(guest.subject)
    assert rig.restarted().diary(diary_id).guests[0].name == Erased(guest.subject)
