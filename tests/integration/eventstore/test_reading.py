from __future__ import annotations

from datetime import timedelta
from time import sleep
from uuid import uuid4

from countersign.eventstore.log import Log, StoredReceipt
from tests.integration.eventstore.samples import command, events, new_key


def test_an_empty_log_has_its_head_at_zero(log: Log) -> None:
    assert log.head() == 0
    assert log.read(0, 10) == []
    assert log.stream(uuid4()) == []
    assert log.streams({}) == {}
    assert log.receipt(uuid4(), "never sent") is None


def test_pages_follow_each_other_without_a_gap(log: Log) -> None:
    for _ in range(5):
        log.append(events(uuid4(), 1, 2))
    pages = [[recorded.position for recorded in log.read(after, 4)] for after in (0, 4, 8, 10)]
    assert pages == [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10], []]


def test_a_stream_is_read_between_two_versions(log: Log) -> None:
    stream = uuid4()
    log.append(events(uuid4(), 1, 3))
    log.append(events(stream, 1, 5))
    assert [recorded.version for recorded in log.stream(stream)] == [1, 2, 3, 4, 5]
    assert [recorded.version for recorded in log.stream(stream, 2)] == [3, 4, 5]
    assert [recorded.version for recorded in log.stream(stream, 1, 3)] == [2, 3]
    assert log.stream(stream, 5) == []


def test_several_streams_are_read_at_once_each_behind_its_own_version(log: Log) -> None:
    one, other, absent = uuid4(), uuid4(), uuid4()
    log.append(events(one, 1, 3))
    log.append(events(other, 1, 2))
    streams = log.streams({one: 1, other: 0, absent: 0})
    versions = {stream: [recorded.version for recorded in found] for stream, found in streams.items()}
    assert versions == {one: [2, 3], other: [1, 2], absent: []}


def test_the_head_is_told_while_no_stream_has_gone_on(log: Log) -> None:
    one, other, absent = uuid4(), uuid4(), uuid4()
    log.append(events(one, 1, 3))
    log.append(events(other, 1, 2))
    assert log.head_unless_gone_on({}) == log.head_unless_gone_on({one: 3, other: 2, absent: 0}) == 5

    log.append(events(uuid4(), 1, 1))
    assert log.head_unless_gone_on({one: 3, other: 2}) == 6

    log.append(events(other, 3, 3))
    assert log.head_unless_gone_on({one: 3, other: 2}) is None
    assert log.head_unless_gone_on({other: 2, one: 3}) is None
    assert log.head_unless_gone_on({one: 3, other: 3}) == 7


def test_an_empty_log_has_nothing_that_could_have_gone_on(log: Log) -> None:
    assert log.head_unless_gone_on({uuid4(): 0}) == 0


def test_a_receipt_is_found_by_its_key(log: Log) -> None:
    key = new_key(b"what was asked")
    log.append(command(key, b"what was answered"))
    assert log.receipt(key.actor, key.key) == StoredReceipt(b"what was asked", 1, b"what was answered")
    assert log.receipt(uuid4(), key.key) is None


def test_a_time_finds_the_last_position_recorded_by_then(log: Log) -> None:
    for _ in range(3):
        log.append(events(uuid4(), 1, 2))
        sleep(0.002)
    moment = timedelta(microseconds=1)
    third = log.read(2, 1)[0].recorded_at
    assert log.position_at(third - moment) == 2
    assert log.position_at(third) == 4
    assert log.position_at(log.read(0, 1)[0].recorded_at - moment) == 0
    assert log.position_at(log.read(5, 1)[0].recorded_at + timedelta(days=1)) == 6
