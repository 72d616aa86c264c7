from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from countersign.eventstore.log import (
    Append,
    Appended,
    Conflict,
    Guard,
    KeyReused,
    Log,
    Repeated,
    StoredReceipt,
)
from tests.integration.eventstore.samples import command, event, events, new_key


def test_positions_are_dense_and_begin_at_one(log: Log) -> None:
    positions = [position(log, events(uuid4(), 1, count)) for count in (1, 3, 2)]
    assert positions == [1, 4, 6]
    assert [recorded.position for recorded in log.read(0, 10)] == [1, 2, 3, 4, 5, 6]


def test_a_refused_append_leaves_no_gap(log: Log) -> None:
    stream = uuid4()
    log.append(events(stream, 1, 1))
    log.append(events(stream, 1, 5))
    assert position(log, events(stream, 2, 2)) == 2


def test_an_append_says_where_and_when_its_last_event_was_recorded(log: Log) -> None:
    outcome = log.append(events(uuid4(), 1, 2))
    last = log.read(1, 1)[0]
    assert outcome == Appended(2, last.recorded_at)
    assert last.recorded_at.tzinfo is UTC
    assert abs(datetime.now(UTC) - last.recorded_at) < timedelta(minutes=1)


def test_what_comes_out_is_what_went_in(log: Log) -> None:
    stream = uuid4()
    written = replace(
        event(stream, 1, state='{"ti\\tle":"Ж\\u0000 \'x\' %s"}'.encode() + bytes(range(256))),
        topic="report.\"quoted\\' {topic}, %s Ж",
        metadata=b"\\x00\\",
    )
    log.append(Append((written,)))
    (read,) = log.stream(stream)
    assert (read.topic, read.state, read.metadata) == (written.topic, written.state, written.metadata)
    assert (read.stream, read.version, read.position) == (stream, 1, 1)


def test_what_is_empty_comes_out_empty(log: Log) -> None:
    key = new_key(b"")
    empty = replace(event(uuid4(), 1, state=b""), metadata=b"")
    log.append(Append((empty,), command_key=key))
    (read,) = log.stream(empty.stream)
    assert (read.state, read.metadata) == (b"", b"")
    assert log.receipt(key.actor, key.key) == StoredReceipt(b"", 1, b"")


def test_a_stale_version_conflicts_and_says_which(log: Log) -> None:
    stream = uuid4()
    log.append(events(stream, 1, 3))
    assert log.append(events(stream, 3, 4)) == Conflict(stream, 2, 3)
    assert log.append(events(stream, 6, 6)) == Conflict(stream, 5, 3)
    assert log.head() == 3


def test_an_append_over_several_streams_is_all_or_nothing(log: Log) -> None:
    there, new = uuid4(), uuid4()
    log.append(events(there, 1, 1))
    both = Append((event(new, 1), event(there, 1), event(new, 2)))
    assert log.append(both) == Conflict(there, 0, 1)
    assert log.stream(new) == []
    assert position(log, Append((event(new, 1), event(there, 2), event(new, 2)))) == 4


def test_a_guard_holds_a_stream_that_was_only_read(log: Log) -> None:
    read, absent = uuid4(), uuid4()
    log.append(events(read, 1, 2))
    stale = replace(events(uuid4(), 1, 1), guards=(Guard(read, 1),))
    appeared = replace(events(uuid4(), 1, 1), guards=(Guard(absent, 0), Guard(read, 3)))
    fresh = replace(events(uuid4(), 1, 1), guards=(Guard(absent, 0), Guard(read, 2)))
    assert log.append(stale) == Conflict(read, 1, 2)
    assert log.append(appeared) == Conflict(read, 3, 2)
    assert position(log, fresh) == 3


def test_guards_are_checked_before_versions(log: Log) -> None:
    read, written = uuid4(), uuid4()
    log.append(events(written, 1, 1))
    both_wrong = replace(events(written, 1, 1), guards=(Guard(read, 1),))
    assert log.append(both_wrong) == Conflict(read, 1, 0)


def test_a_repeated_command_gets_the_first_receipt(log: Log) -> None:
    key = new_key()
    assert log.append(command(key, b"first")) == Appended(1, log.read(0, 1)[0].recorded_at)
    assert log.append(command(key, b"second")) == Repeated(1, b"first")
    assert log.head() == 1


def test_a_key_used_for_something_else_is_refused(log: Log) -> None:
    key = new_key(b"one thing")
    log.append(command(key))
    assert log.append(command(replace(key, digest=b"another"))) == KeyReused()


def test_the_same_key_of_another_actor_is_another_key(log: Log) -> None:
    key = new_key()
    log.append(command(key))
    assert position(log, command(replace(key, actor=uuid4()))) == 2


def test_the_key_is_checked_before_guards_and_versions(log: Log) -> None:
    key, stream = new_key(), uuid4()
    first = replace(command(key, stream=stream), guards=(Guard(uuid4(), 0),))
    log.append(first)
    assert log.append(replace(first, guards=(Guard(stream, 0),))) == Repeated(1, b"receipt")


def test_a_refused_command_leaves_its_key_free(log: Log) -> None:
    key, stream = new_key(), uuid4()
    log.append(events(stream, 1, 1))
    assert log.append(command(key, stream=stream)) == Conflict(stream, 0, 1)
    assert log.receipt(key.actor, key.key) is None
    assert position(log, command(key)) == 2


def test_a_command_that_changes_nothing_is_recorded_at_the_head(log: Log) -> None:
    key = new_key()
    log.append(events(uuid4(), 1, 2))
    nothing = Append((), command_key=key, receipt=b"nothing changed")
    outcome = log.append(nothing)
    assert isinstance(outcome, Appended)
    assert outcome.position == 2
    assert log.append(nothing) == Repeated(2, b"nothing changed")
    assert log.head() == 2


def test_time_never_runs_backwards_in_the_log(log: Log) -> None:
    for _ in range(20):
        log.append(events(uuid4(), 1, 2))
    times = [recorded.recorded_at for recorded in log.read(0, 100)]
    assert times == sorted(times)
    assert all(times[n] == times[n + 1] for n in range(0, 40, 2))


def position(log: Log, append: Append) -> int:
    outcome = log.append(append)
    assert isinstance(outcome, Appended)
    return outcome.position
