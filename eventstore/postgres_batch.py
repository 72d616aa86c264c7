"""A batch of appends as a call of the append function.

What does not depend on the batch is encoded by the thread that appends, while others commit. All of it is
digits, hexadecimal or UUIDs, so that nothing needs to be quoted, which would take longer than the rest.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from countersign.eventstore.admission import expected_versions
from countersign.eventstore.log import Append, CommandKey


@dataclass(frozen=True, slots=True)
class EncodedAppend:
    """An append whose columns are already text, except for what counts within the batch."""

    append: Append
    expectations: tuple[tuple[str, int, int], ...]  # stream, version, version reached or 0
    expected: tuple[str, ...]
    events: tuple[str, ...]
    key: tuple[str, ...]


def encode(append: Append) -> EncodedAppend:
    """Do what can be done before the batch is known."""
    expectations = tuple(_expectations(append))
    return EncodedAppend(
        append,
        expectations,
        tuple(_joined(column) for column in zip(*expectations, strict=True)),
        _event_columns(append),
        _key_columns(append.command_key, append.receipt) if append.command_key else (),
    )


def call(batch: Sequence[EncodedAppend]) -> str:
    """The statement that appends a batch."""
    writing = [(number, each) for number, each in enumerate(batch, 1) if each.events]
    keyed = [(number, each.key) for number, each in enumerate(batch, 1) if each.key]
    streams = [stream for each in batch for stream, _, _ in each.expectations]
    columns = [
        _joined([len(each.append.events) for each in batch]),
        _joined(accumulate(len(each.expectations) for each in batch)),
        _joined(_first_of_the_same(streams)),
        *_columns([each.expected for each in batch if each.expected], 3),
        _joined([number for number, each in writing for _ in each.append.events]),
        *_columns([each.events for _, each in writing], 6),
        _joined([number for number, _ in keyed]),
        _joined(_first_of_the_same([key[:2] for _, key in keyed])),
        *_columns([key for _, key in keyed], 4),
    ]
    arguments = "}', '{".join(columns)
    return f"SELECT recorded, bases, unmet, actual FROM log.append('{{{arguments}}}')"  # noqa: S608 - see above


def _expectations(append: Append) -> Iterator[tuple[str, int, int]]:
    for guard in append.guards:
        yield guard.stream.hex, guard.version, 0
    reached = {event.stream: event.version for event in append.events}
    for stream, version in expected_versions(append.events).items():
        yield stream.hex, version, reached[stream]


def _event_columns(append: Append) -> tuple[str, ...]:
    rows = [
        (
            number,
            event.stream.hex,
            event.version,
            _hex(event.topic.encode()),
            _hex(event.state),
            _hex(event.metadata),
        )
        for number, event in enumerate(append.events, 1)
    ]
    return tuple(_joined(column) for column in zip(*rows, strict=True))


def _key_columns(key: CommandKey, receipt: bytes) -> tuple[str, ...]:
    return key.actor.hex, _hex(key.key.encode()), _hex(key.digest), _hex(receipt)


def _columns(rows: Sequence[tuple[str, ...]], count: int) -> Iterable[str]:
    return map(",".join, zip(*rows, strict=True)) if rows else [""] * count


def _first_of_the_same(values: Iterable[Hashable]) -> list[int]:
    first: dict[Hashable, int] = {}
    return [first.setdefault(value, number) for number, value in enumerate(values, 1)]


def _hex(content: bytes) -> str:
    return content.hex() or '""'


def _joined(values: Iterable[object]) -> str:
    return ",".join(map(str, values))
