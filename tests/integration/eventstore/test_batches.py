"""Appends that wait together: one commit for all of them, an outcome for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from time import sleep
from uuid import uuid4

import pytest

from countersign.eventstore.databases import Databases
from countersign.eventstore.log import Append, Appended, Conflict, Guard, KeyReused, Log, Outcome, Repeated
from tests.integration.eventstore.held_up import held_up
from tests.integration.eventstore.samples import command, event, events, new_key

TOGETHER = Callable[[Sequence[Append]], list[Outcome]]


@pytest.fixture
def together(databases: Databases, log: Log) -> Iterator[TOGETHER]:
    """Has appends wait in this order behind one that is held up, so that they go out in one batch."""

    def run(appends: Sequence[Append]) -> list[Outcome]:
        with held_up(databases):
            futures = [start(events(uuid4(), 1, 1)), *map(start, appends)]
        return [future.result() for future in futures][1:]

    def start(append: Append) -> Future[Outcome]:
        future = pool.submit(log.append, append)
        sleep(0.02)
        return future

    with ThreadPoolExecutor(20) as pool:
        yield run


def test_each_append_of_a_batch_gets_its_own_outcome(log: Log, together: TOGETHER) -> None:
    stream = uuid4()
    log.append(events(stream, 1, 2))
    stale = events(stream, 2, 2)
    outcomes = together([events(uuid4(), 1, 2), stale, events(uuid4(), 1, 1), command(new_key())])
    assert [type(outcome) for outcome in outcomes] == [Appended, Conflict, Appended, Appended]
    assert [recorded.position for recorded in log.read(0, 100)] == list(range(1, log.head() + 1))


def test_of_two_appends_to_one_stream_in_a_batch_the_first_wins(log: Log, together: TOGETHER) -> None:
    stream = uuid4()
    first, second, third = together([events(stream, 1, 2), events(stream, 1, 1), events(stream, 3, 3)])
    assert isinstance(first, Appended)
    assert second == Conflict(stream, 0, 2)
    assert isinstance(third, Appended)
    assert [recorded.version for recorded in log.stream(stream)] == [1, 2, 3]


def test_a_guard_sees_what_the_batch_has_written_before(log: Log, together: TOGETHER) -> None:
    stream = uuid4()
    guarded = replace(events(uuid4(), 1, 1), guards=(Guard(stream, 0),))
    later = replace(events(uuid4(), 1, 1), guards=(Guard(stream, 0),))
    outcomes = together([guarded, events(stream, 1, 1), later])
    assert [type(outcome) for outcome in outcomes] == [Appended, Appended, Conflict]
    assert outcomes[2] == Conflict(stream, 0, 1)


def test_a_refused_append_does_not_count_for_those_behind_it(log: Log, together: TOGETHER) -> None:
    stream, missing = uuid4(), uuid4()
    refused = Append((event(stream, 1),), guards=(Guard(missing, 7),))
    outcomes = together([refused, events(stream, 1, 1)])
    assert [type(outcome) for outcome in outcomes] == [Conflict, Appended]


def test_simultaneous_repeats_of_a_command_have_one_effect(log: Log, together: TOGETHER) -> None:
    key = new_key()
    outcomes = together(
        [command(key, b"first"), command(key, b"second"), command(replace(key, digest=b"other"))]
    )
    assert isinstance(outcomes[0], Appended)
    assert outcomes[1:] == [Repeated(outcomes[0].position, b"first"), KeyReused()]
    assert log.head() == 2


def test_a_key_of_a_refused_command_can_be_used_in_the_same_batch(log: Log, together: TOGETHER) -> None:
    key = new_key()
    refused = replace(command(key), guards=(Guard(uuid4(), 1),))
    outcomes = together([refused, command(key)])
    assert [type(outcome) for outcome in outcomes] == [Conflict, Appended]


def test_commands_that_change_nothing_stand_at_the_head_of_their_moment(log: Log, together: TOGETHER) -> None:
    before, after = (Append((), command_key=new_key()) for _ in range(2))
    outcomes = together([before, events(uuid4(), 1, 3), after])
    assert [outcome.position for outcome in outcomes if isinstance(outcome, Appended)] == [1, 4, 4]


def test_many_threads_get_dense_positions(log: Log) -> None:
    def write(_: int) -> list[int]:
        outcomes = [log.append(events(uuid4(), 1, 2)) for _ in range(25)]
        return [outcome.position for outcome in outcomes if isinstance(outcome, Appended)]

    with ThreadPoolExecutor(8) as pool:
        positions = sorted(position for written in pool.map(write, range(8)) for position in written)
    assert positions == list(range(2, 401, 2))
    assert log.head() == 400
