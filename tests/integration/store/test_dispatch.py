from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest

from countersign.aggregates.root import DomainError
from countersign.commands.dispatch import Contended, Dispatcher, IdempotencyKeyReused
from countersign.eventstore.context import SYSTEM, Context
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import NotFound, StaleVersion, Store
from tests.integration.store.diary import BeginDiary, Diary, WriteLine
from tests.integration.store.rig import NOW, Rig

AtOnce = Callable[..., list[object]]


def test_a_receipt_names_the_position_and_the_versions_reached(rig: Rig) -> None:
    diary_id = rig.begin()
    receipt = rig.give(WriteLine(diary_id=diary_id, line="one"))
    assert receipt == Receipt(position=rig.log.head(), streams=((diary_id, 2),))


def test_the_same_command_under_one_key_has_one_effect_and_one_receipt(rig: Rig) -> None:
    command = WriteLine(diary_id=rig.begin(), line="once")
    first, again = rig.give(command, key="k"), rig.give(command, key="k")
    assert (again.position, again.streams) == (first.position, first.streams)
    assert again.repeated
    assert rig.diary(command.diary_id).lines == ("once",)


def test_the_same_command_sent_at_the_same_time_has_one_effect(rig: Rig, at_once: AtOnce) -> None:
    command = WriteLine(diary_id=rig.begin(), line="once", expected_version=1)
    receipts = at_once(*[partial(rig.give, command, key="k")] * 8)
    assert {receipt.position for receipt in receipts if isinstance(receipt, Receipt)} == {rig.log.head()}
    assert len([receipt for receipt in receipts if isinstance(receipt, Receipt)]) == 8


def test_one_key_for_two_commands_is_refused(rig: Rig) -> None:
    diary_id = rig.begin()
    rig.give(WriteLine(diary_id=diary_id, line="one"), key="k")
    with pytest.raises(IdempotencyKeyReused):
        rig.give(WriteLine(diary_id=diary_id, line="two"), key="k")
    assert rig.diary(diary_id).lines == ("one",)


def test_a_key_that_was_thought_to_be_new_is_refused_by_the_log_itself(rig: Rig) -> None:
    diary_id = rig.begin()
    rig.give(WriteLine(diary_id=diary_id, line="one"), key="k")
    thought_new = Context(actor=SYSTEM, command_key="k", correlation="trail", fresh_key=True)
    with pytest.raises(IdempotencyKeyReused):
        rig.dispatcher.dispatch(WriteLine(diary_id=diary_id, line="two"), thought_new)
    assert rig.diary(diary_id).lines == ("one",)


def test_whoever_keeps_losing_is_told_to_try_again(rig: Rig) -> None:
    diary_id = rig.begin()

    def outrun(command: WriteLine, store: Store) -> Receipt:
        diary = store.load(Diary, command.diary_id)
        rig.give(WriteLine(diary_id=diary_id, line="faster"))
        diary.write(store.now, command.line)
        return store.save(diary)

    slow = Dispatcher({WriteLine: outrun}, rig.store, rig.log, lambda: NOW, patience_s=0.2)
    context = Context(actor=SYSTEM, command_key="slow", correlation="trail")
    with pytest.raises(Contended):
        slow.dispatch(WriteLine(diary_id=diary_id, line="slow"), context)
    assert set(rig.diary(diary_id).lines) == {"faster"}


def test_two_actors_may_use_the_same_key(rig: Rig) -> None:
    diary_id = rig.begin()
    for actor in (uuid4(), uuid4()):
        rig.give(WriteLine(diary_id=diary_id, line="mine"), key="k", actor=actor)
    assert rig.diary(diary_id).lines == ("mine", "mine")


def test_a_command_that_changes_nothing_is_accepted_once_and_for_all(rig: Rig) -> None:
    diary_id = rig.begin()
    first = rig.give(BeginDiary(diary_id=diary_id, keeper="Bob"), key="k")
    assert first == Receipt(position=rig.log.head(), streams=())
    assert rig.give(BeginDiary(diary_id=diary_id, keeper="Bob"), key="k").repeated


def test_a_refusal_is_not_recorded_and_may_be_tried_again(rig: Rig) -> None:
    diary_id = uuid4()
    with pytest.raises(NotFound):
        rig.give(WriteLine(diary_id=diary_id, line="early"), key="k")
    rig.give(BeginDiary(diary_id=diary_id, keeper="Ann"))
    assert not rig.give(WriteLine(diary_id=diary_id, line="early"), key="k").repeated


def test_a_stale_version_is_refused_and_leaves_nothing_in_the_cache(rig: Rig) -> None:
    diary_id = rig.begin()
    rig.give(WriteLine(diary_id=diary_id, line="one"))
    with pytest.raises(StaleVersion):
        rig.give(WriteLine(diary_id=diary_id, line="late", expected_version=1))
    assert rig.diary(diary_id).lines == ("one",)


def test_of_two_changes_to_one_version_at_once_exactly_one_wins(rig: Rig, at_once: AtOnce) -> None:
    diary_id = rig.begin()
    outcomes = at_once(
        *(partial(rig.give, WriteLine(diary_id=diary_id, line=line, expected_version=1)) for line in "abcd")
    )
    assert len([outcome for outcome in outcomes if isinstance(outcome, Receipt)]) == 1
    assert len([outcome for outcome in outcomes if isinstance(outcome, StaleVersion)]) == 3
    assert len(rig.diary(diary_id).lines) == 1


def test_changes_that_expect_nothing_all_get_through(rig: Rig, at_once: AtOnce) -> None:
    diary_id = rig.begin()
    outcomes = at_once(*(partial(rig.give, WriteLine(diary_id=diary_id, line=str(n))) for n in range(12)))
    assert all(isinstance(outcome, Receipt) for outcome in outcomes)
    assert sorted(rig.diary(diary_id).lines, key=int) == [str(n) for n in range(12)]


def test_what_was_read_and_not_written_is_guarded(rig: Rig) -> None:
    diary_id = rig.begin()
    with pytest.raises(DomainError):
        rig.give(WriteLine(diary_id=diary_id, line="one", only_if_known=uuid4()))
    rig.give(WriteLine(diary_id=diary_id, line="one", only_if_known=rig.begin()))
    assert rig.diary(diary_id).lines == ("one",)


def test_another_process_cache_is_brought_up_to_date_at_each_load(rig: Rig) -> None:
    diary_id, other = rig.begin(), rig.restarted()
    assert other.diary(diary_id).lines == ()
    rig.give(WriteLine(diary_id=diary_id, line="seen"))
    assert other.diary(diary_id).lines == ("seen",)


def test_a_password_in_a_command_is_nowhere_in_its_receipt(rig: Rig) -> None:
    diary_id = rig.begin()
    rig.give(WriteLine(diary_id=diary_id, line="correct horse"), key="k")
    stored = rig.log.receipt(SYSTEM, "k")
    assert stored is not None
    assert b"correct" not in stored.receipt + stored.digest
