"""A batch of appends in the columns that the append function takes, as array literals.

What does not depend on the batch is encoded by the thread that appends, while others commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from countersign.eventstore.admission import expected_versions
from countersign.eventstore.log import Append, CommandKey

COLUMNS = 19


@dataclass(frozen=True, slots=True)
class EncodedAppend:
    """An append whose values are already text."""

    append: Append
    expectations: tuple[tuple[str, int, int], ...]  # stream, expected version, version reached or 0
    streams: tuple[str, ...]  # of each event
    numbers: str
    versions: str
    topics: str
    states: str
    metadata: str
    key: tuple[str, str, str, str] | None  # actor, key, digest, receipt


def encode(append: Append) -> EncodedAppend:
    """Do what can be done before the batch is known."""
    events = append.events
    return EncodedAppend(
        append,
        tuple(_expectations(append)),
        tuple(event.stream.hex for event in events),
        ",".join(map(str, range(1, len(events) + 1))),
        ",".join(str(event.version) for event in events),
        ",".join(_text(event.topic) for event in events),
        ",".join(_bytes(event.state) for event in events),
        ",".join(_bytes(event.metadata) for event in events),
        _key(append.command_key, append.receipt) if append.command_key else None,
    )


def columns(batch: Sequence[EncodedAppend]) -> tuple[str, ...]:
    """The arguments of the append function, in their order."""
    expectations = [expectation for each in batch for expectation in each.expectations]
    streams: dict[str, int] = {}
    expected_streams = [streams.setdefault(stream, len(streams) + 1) for stream, _, _ in expectations]
    return (
        _array(streams),
        _array(len(each.streams) for each in batch),
        _array(accumulate(len(each.expectations) for each in batch)),
        *_event_columns(batch, streams),
        _array(expected_streams),
        _array(expected for _, expected, _ in expectations),
        _array(reached for _, _, reached in expectations),
        *_key_columns(batch),
    )


def _event_columns(batch: Sequence[EncodedAppend], streams: Mapping[str, int]) -> Iterator[str]:
    writing = [(number, each) for number, each in enumerate(batch, 1) if each.streams]
    yield _array(number for number, each in writing for _ in each.streams)
    yield _array(each.numbers for _, each in writing)
    yield _array(streams[stream] for _, each in writing for stream in each.streams)
    yield _array(each.versions for _, each in writing)
    yield _array(each.topics for _, each in writing)
    yield _array(each.states for _, each in writing)
    yield _array(each.metadata for _, each in writing)


def _key_columns(batch: Sequence[EncodedAppend]) -> Iterator[str]:
    keyed = [(number, each.key) for number, each in enumerate(batch, 1) if each.key]
    first: dict[tuple[str, str], int] = {}
    yield _array(first.setdefault(key[:2], number) for number, (_, key) in enumerate(keyed, 1))
    yield _array(number for number, _ in keyed)
    for column in range(4):
        yield _array(key[column] for _, key in keyed)


def _expectations(append: Append) -> Iterator[tuple[str, int, int]]:
    for guard in append.guards:
        yield guard.stream.hex, guard.version, 0
    reached = {event.stream: event.version for event in append.events}
    for stream, version in expected_versions(append.events).items():
        yield stream.hex, version, reached[stream]


def _key(key: CommandKey, receipt: bytes) -> tuple[str, str, str, str]:
    return key.actor.hex, _text(key.key), _bytes(key.digest), _bytes(receipt)


def _array(elements: Iterable[object]) -> str:
    return "{" + ",".join(map(str, elements)) + "}"


def _text(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _bytes(content: bytes) -> str:
    return "\\\\x" + content.hex()
