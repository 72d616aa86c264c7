"""The table of effects, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from countersign.eventstore.databases import Database, Databases
from countersign.workers.effect import Effect, State, effect_id
from countersign.workers.effect_board import EffectBoard
from countersign.workers.effects import HEADS, Effects
from countersign.workers.schema import create_tables
from tests.integration.workers.effects_rig import NOON, a_cause, a_wish, no_such_effect, want, want_many

SECOND = timedelta(seconds=1)


def claim(effects: Effects, holder: str = "worker", limit: int = 10, late_s: float = 0.0) -> list[Effect]:
    return list(effects.claim("work", holder, NOON + late_s * SECOND, 60.0, limit))


def test_what_is_wanted_twice_is_one_effect(read: Database, effects: Effects) -> None:
    wish, cause = a_wish(), a_cause()

    assert want(read, (wish, cause), (a_wish("moon"), cause)) == 2
    assert want(read, (wish, cause)) == 0
    assert sorted(effect.payload["target"] for effect in claim(effects)) == ["moon", "world"]


def test_an_effect_tells_what_it_came_from(read: Database, effects: Effects) -> None:
    wish, cause = a_wish(payload={"report_id": "42", "version": 7}), a_cause(position=99)
    want(read, (wish, cause))

    (effect,) = claim(effects)

    assert effect == Effect(
        id=effect_id(wish, cause),
        queue="work",
        kind="greet",
        reaction="greet",
        cause=cause.event_id,
        position=99,
        correlation="trail",
        payload={"report_id": "42", "version": 7},
        holder="worker",
        fence=1,
        attempts=0,
        crashes=0,
    )


def test_the_oldest_come_first_unless_another_matters_more(read: Database, effects: Effects) -> None:
    want(read, (a_wish("late"), a_cause(3)), (a_wish("early"), a_cause(1)))
    want(read, (replace(a_wish("urgent"), priority=-1), a_cause(9)))

    taken = [claim(effects, limit=1)[0].payload["target"] for _ in range(3)]

    assert taken == ["urgent", "early", "late"]


def test_what_is_claimed_is_not_there_for_another_worker(read: Database, effects: Effects) -> None:
    want(read, (a_wish(), a_cause()))

    assert len(claim(effects, "first")) == 1
    assert claim(effects, "second") == []


def test_many_workers_at_once_never_claim_the_same(read: Database, effects: Effects) -> None:
    targets = want_many(read, 60)

    def take_all(holder: str) -> list[str]:
        taken = []
        while found := claim(effects, holder, limit=3):
            taken += [effect.payload["target"] for effect in found]
        return taken

    with ThreadPoolExecutor(6) as workers:
        taken = list(workers.map(take_all, map(str, range(6))))

    assert sorted(target for each in taken for target in each) == targets


def test_a_lease_that_has_ended_lets_another_take_over_and_shuts_the_first_out(
    read: Database, effects: Effects, board: EffectBoard
) -> None:
    want(read, (a_wish(), a_cause()))
    (lost,) = claim(effects, "dead")

    assert claim(effects, "alive", late_s=59) == []
    (taken,) = claim(effects, "alive", late_s=61)

    assert (taken.fence, taken.crashes, taken.holder) == (2, 1, "alive")
    assert not effects.complete(lost, NOON)
    assert not effects.retry(lost, NOON, "transient", "too late to say so")
    assert effects.complete(taken, NOON)
    assert [each.state for each in board.listed()] == [State.DONE]


def test_a_renewed_lease_holds(read: Database, effects: Effects) -> None:
    want(read, (a_wish("held"), a_cause(1)), (a_wish("left"), a_cause(2)))
    held, _ = claim(effects)

    effects.renew([held], NOON + 50 * SECOND, 60.0)

    assert [effect.payload["target"] for effect in claim(effects, late_s=70)] == ["left"]


def test_a_failure_waits_for_its_time_and_is_counted(
    read: Database, effects: Effects, board: EffectBoard
) -> None:
    want(read, (a_wish(), a_cause()))
    (effect,) = claim(effects)

    assert effects.retry(effect, NOON + 10 * SECOND, "transient", "no route to host")

    (waiting,) = board.listed([State.READY])
    assert (waiting.attempts, waiting.error_class, waiting.error) == (1, "transient", "no route to host")
    assert effects.next_due("work") == NOON + 10 * SECOND
    assert claim(effects, late_s=9) == []
    (again,) = claim(effects, late_s=10)
    assert (again.attempts, again.crashes) == (1, 0)


def test_what_is_given_back_counts_as_nothing(read: Database, effects: Effects) -> None:
    want(read, (a_wish(), a_cause()))
    (effect,) = claim(effects)

    assert effects.release(effect, NOON)

    (again,) = claim(effects)
    assert (again.attempts, again.crashes, again.fence) == (0, 0, 2)


def test_what_is_given_back_late_was_not_lost(read: Database, effects: Effects) -> None:
    want(read, (a_wish(), a_cause()))
    (late,) = claim(effects, "cut off")
    (taken,) = claim(effects, "quicker", late_s=61)
    assert taken.crashes == 1

    assert not effects.release(late, NOON)

    assert claim(effects, late_s=100) == []
    (again,) = claim(effects, "third", late_s=122)
    assert again.crashes == 1  # of the second worker, which has said nothing


def test_an_empty_queue_is_never_due(read: Database, effects: Effects) -> None:
    want(read, (a_wish(queue="other"), a_cause()))

    assert effects.next_due("work") is None
    assert claim(effects) == []


def test_a_dead_letter_can_be_retried_with_a_clean_slate(
    read: Database, effects: Effects, board: EffectBoard
) -> None:
    want(read, (a_wish(), a_cause()))
    (effect,) = claim(effects)
    effects.bury(effect, NOON, "validation", "broken")
    (dead,) = board.listed([State.DEAD])

    assert claim(effects, late_s=1e6) == []
    assert board.retry(dead.id, NOON)
    (again,) = claim(effects)
    assert (again.attempts, again.crashes) == (0, 0)


def test_a_dead_letter_can_be_laid_aside(read: Database, effects: Effects, board: EffectBoard) -> None:
    want(read, (a_wish(), a_cause()))
    (effect,) = claim(effects)
    effects.bury(effect, NOON, "validation", "broken")

    assert board.discard(effect.id, NOON)
    assert not board.retry(effect.id, NOON)
    assert board.stats() == {("work", State.DISCARDED): 1}


def test_only_dead_letters_are_settled(read: Database, effects: Effects, board: EffectBoard) -> None:
    want(read, (a_wish(), a_cause()))
    (effect,) = claim(effects)

    assert not board.retry(effect.id, NOON)
    assert not board.discard(effect.id, NOON)
    assert not board.retry(no_such_effect(), NOON)


def test_what_was_done_long_ago_is_forgotten_and_nothing_else(
    read: Database, effects: Effects, board: EffectBoard
) -> None:
    want_many(read, 4)
    old, fresh, dead, _claimed = claim(effects)
    effects.complete(old, NOON - 40 * 86_400 * SECOND)
    effects.complete(fresh, NOON)
    effects.bury(dead, NOON - 40 * 86_400 * SECOND, "unknown", "who knows")

    assert board.forget_finished(NOON - 30 * 86_400 * SECOND) == 1
    assert sorted(each.state for each in board.listed()) == [State.CLAIMED, State.DEAD, State.DONE]


def test_a_timer_is_not_taken_before_it_is_due(read: Database, effects: Effects) -> None:
    timer = replace(a_wish(), due_at=NOON + timedelta(hours=1))
    want(read, (timer, a_cause()))

    assert not effects.claim("work", "early", NOON, 60, 1)
    assert effects.next_due("work") == NOON + timedelta(hours=1)
    assert effects.claim("work", "on time", NOON + timedelta(hours=1), 60, 1)


def test_what_is_called_off_is_not_done_and_what_is_wanted_afterwards_is(
    read: Database, effects: Effects, board: EffectBoard
) -> None:
    job, by = uuid4(), uuid4()
    of_job = [(replace(a_wish(f"{n}"), job=job), a_cause(n)) for n in (1, 2, 3, 9)]
    want(read, *of_job, (a_wish("another"), a_cause(4)))
    (held,) = effects.claim("work", "worker", NOON, 60, 1)
    (dead,) = effects.claim("work", "worker", NOON, 60, 1)
    effects.bury(dead, NOON, "unknown", "why")

    assert board.call_off(job, 9, NOON, by) == 3

    states = {each.position: each.state for each in board.listed()}
    assert states == {1: "claimed", 2: "discarded", 3: "cancelled", 4: "ready", 9: "ready"}
    assert effects.unwanted([held, dead]) == {held.id, dead.id}
    assert effects.cancel(held, NOON)
    assert board.forget_finished(NOON + timedelta(days=1)) == 3


def test_tables_of_a_version_before_get_the_columns_that_they_lack(
    databases: Databases, board: EffectBoard
) -> None:
    lacking = ("job", "claimed_at", "percent", "step", "cancel_wished_at", "cancel_wished_by")
    with databases.read.write() as connection:
        connection.exec_driver_sql("DROP INDEX effects_of_job")
        for column in lacking:
            connection.exec_driver_sql(f"ALTER TABLE effects DROP COLUMN {column}")

    create_tables(databases.read)
    create_tables(databases.read)

    want(databases.read, (a_wish(), a_cause()))
    assert board.listed()[0].job is None


def test_who_is_first_in_a_lane_is_not_looked_for_among_what_was_done(read: Database) -> None:
    if read.dialect == "postgresql":
        return  # with a handful of rows it reads the table through
    with read.read() as connection:
        asked = HEADS.compile(connection, compile_kwargs={"literal_binds": True})
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}").all()
    assert "effects_in_state" in str(plan)
