"""Reactions following a real log, on both databases."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from countersign.aggregates.report.report import Report
from countersign.eventstore.leases import Leases
from countersign.eventstore.mapper import Happened
from countersign.eventstore.open_store import open_store
from countersign.workers import reaction_checkpoints
from countersign.workers.effect import Wanted
from countersign.workers.effect_board import EffectBoard
from countersign.workers.options import ElectionOptions, ReactionOptions
from countersign.workers.reaction_runner import ReactionRunner
from countersign.workers.reactions.reaction import Reaction
from tests.integration.workers.plant import Plant
from tests.integration.workers.running import running, wait_until
from tests.unit.commands.documents.office import AGGREGATES, STORE, Course

QUICK = ReactionOptions(poll_s=0.2, election=ElectionOptions(lease_s=0.6, heartbeat_s=0.1))


def note(happened: Happened) -> Sequence[Wanted]:
    """Wants one effect for each event of a report."""
    if not happened.topic.startswith("report."):
        return ()
    return (Wanted(queue="notes", kind="note", target=happened.topic),)


def a_runner(plant: Plant, *reactions: Reaction, holder: str = "worker-1", **changes: Any) -> ReactionRunner:
    parts: dict[str, Any] = {
        "log": plant.log,
        "mapper": plant.store.mapper,
        "read": plant.databases.read,
        "leases": Leases(plant.databases.read),
        "wakeups": plant.wakeups,
        "reactions": reactions or (Reaction("note", note),),
        "holder": holder,
        "options": QUICK,
    }
    return ReactionRunner(**parts | changes)


def noted(plant: Plant, reaction: str = "note") -> list[int]:
    listed = EffectBoard(plant.databases.read).listed(limit=10_000)
    return sorted(each.position for each in listed if each.reaction == reaction)


def of_reports(plant: Plant) -> list[int]:
    return [each.position for each in plant.events() if each.topic.startswith("report.")]


def checkpoint(plant: Plant, name: str = "note") -> reaction_checkpoints.ReactionCheckpoint:
    with plant.databases.read.read() as connection:
        return reaction_checkpoints.load(connection)[name]


def catch_up(runner: ReactionRunner) -> None:
    while runner.step():
        pass


def test_in_a_fresh_installation_reactions_begin_at_the_beginning(plant: Plant, course: Course) -> None:
    course.complete()

    catch_up(a_runner(plant))

    assert noted(plant) == of_reports(plant) != []


def test_a_new_reaction_does_not_repeat_the_past(plant: Plant, course: Course) -> None:
    course.complete()
    first = a_runner(plant, Reaction("old", lambda happened: ()))
    catch_up(first)
    head = plant.log.head()

    with running(first.run):
        wait_until(lambda: checkpoint(plant, "old").position == head)
    runner = a_runner(plant, Reaction("old", lambda happened: ()), Reaction("note", note))
    catch_up(runner)
    course.submit()
    catch_up(runner)

    assert noted(plant) == [position for position in of_reports(plant) if position > head] != []


def test_what_was_taken_but_not_saved_is_taken_again_without_a_second_effect(
    plant: Plant, course: Course
) -> None:
    course.complete()
    catch_up(a_runner(plant))
    with plant.databases.read.write() as connection:
        reaction_checkpoints.move(connection, ["note"], checkpoint(plant).position, 0)
    time.sleep(0.7)  # until the first one's lease has ended

    catch_up(a_runner(plant, holder="worker-2"))

    assert noted(plant) == of_reports(plant)


def test_of_two_runners_one_follows_and_the_other_takes_over(plant: Plant, course: Course) -> None:
    first, second = a_runner(plant), a_runner(plant, holder="worker-2")
    with running(second.run):
        with running(first.run):
            course.complete()
            wait_until(lambda: noted(plant) == of_reports(plant))
        course.submit()
        wait_until(lambda: noted(plant) == of_reports(plant))

    assert len(noted(plant)) == len(set(noted(plant)))


def test_a_runner_that_was_frozen_beyond_its_lease_writes_nothing_more(plant: Plant, course: Course) -> None:
    frozen, other = a_runner(plant), a_runner(plant, holder="worker-2")
    catch_up(frozen)
    time.sleep(0.7)
    catch_up(other)
    course.complete()
    catch_up(other)
    before = checkpoint(plant)

    frozen._election._next_beat = time.monotonic() + 60  # it has not noticed yet

    assert frozen.step() is False
    assert checkpoint(plant) == before


def test_a_reaction_that_fails_stops_there_and_the_others_go_on(plant: Plant, course: Course) -> None:
    course.complete()
    second = of_reports(plant)[1]

    def trip(happened: Happened) -> Sequence[Wanted]:
        if happened.position == second:
            raise ZeroDivisionError("a bug")
        return note(happened)

    catch_up(a_runner(plant, Reaction("trip", trip), Reaction("note", note)))

    assert noted(plant) == of_reports(plant)
    assert noted(plant, "trip") == of_reports(plant)[:1]
    stopped = checkpoint(plant, "trip")
    assert stopped.position == second - 1
    assert stopped.error == f"at position {second}: ZeroDivisionError: a bug"


def test_a_mended_reaction_goes_on_where_it_had_stopped(plant: Plant, course: Course) -> None:
    course.complete()

    def trip(happened: Happened) -> Sequence[Wanted]:
        raise ZeroDivisionError("a bug")

    broken = a_runner(plant, Reaction("note", trip))
    with running(broken.run):
        wait_until(lambda: _is_following(plant) and checkpoint(plant).error is not None)
    catch_up(a_runner(plant))

    assert noted(plant) == of_reports(plant)
    assert checkpoint(plant).error is None


def test_an_event_of_a_newer_program_stops_every_reaction_in_front_of_it(
    plant: Plant, course: Course
) -> None:
    course.complete()
    first = of_reports(plant)[0]
    known = [cls for cls in AGGREGATES if cls is not Report]
    older = open_store(plant.databases, plant.log, known, STORE).mapper

    catch_up(a_runner(plant, mapper=older))

    stopped = checkpoint(plant)
    assert stopped.position == first - 1
    assert stopped.error is not None
    assert "report.created" in stopped.error
    time.sleep(0.7)
    catch_up(a_runner(plant))
    assert noted(plant) == of_reports(plant)


def test_effects_are_there_soon_after_the_event(plant: Plant, course: Course) -> None:
    poked: list[float] = []
    runner = a_runner(plant, on_effects=lambda _: poked.append(time.monotonic()))
    with running(runner.run):
        wait_until(lambda: _is_following(plant))
        poked.clear()
        course.create()
        appended = time.monotonic()
        wait_until(lambda: poked)

    assert poked[0] - appended < 0.15


def _is_following(plant: Plant) -> bool:
    with plant.databases.read.read() as connection:
        return "note" in reaction_checkpoints.load(connection)
