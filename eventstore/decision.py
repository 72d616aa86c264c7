"""What becomes of each append of a batch, given what the log held before it: the rules, without a database.

The append function of PostgreSQL (append.sql) decides by the same rules on the server, under the lock.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countersign.eventstore.admission import expected_versions
from countersign.eventstore.log import (
    Append,
    Appended,
    Conflict,
    KeyReused,
    Outcome,
    Repeated,
    StoredReceipt,
)

Key = tuple[UUID, str]


@dataclass(frozen=True, slots=True)
class Accepted:
    """Its events stand at the positions behind `base`."""

    base: int


@dataclass(frozen=True, slots=True)
class KeyKnown:
    """A command was accepted under this key, in the log or earlier in the batch."""


Verdict = Accepted | KeyKnown | Conflict
FindReceipt = Callable[[UUID, str], StoredReceipt | None]


def decide(
    batch: Sequence[Append], head: int, versions: Mapping[UUID, int], keys: Collection[Key]
) -> Iterator[Verdict]:
    """One verdict for each append; `versions` and `keys` are what the log holds of those in the batch."""
    reached, known = dict(versions), set(keys)
    for append in batch:
        verdict = _verdict(append, head, reached, known)
        if isinstance(verdict, Accepted):
            head += len(append.events)
            reached.update((event.stream, event.version) for event in append.events)
            known.update(key_of(append))
        yield verdict


def outcome(append: Append, verdict: Verdict, at: datetime, find: FindReceipt) -> Outcome:
    """What the caller is told; a known key is looked up, since only its digest tells a repeat."""
    match verdict:
        case Accepted(base):
            return Appended(base + len(append.events), at)
        case KeyKnown():
            return _repeated_or_reused(append, find)
        case Conflict():
            return verdict


def key_of(append: Append) -> tuple[Key, ...]:
    """The append's command key, if it has one."""
    key = append.command_key
    return ((key.actor, key.key),) if key else ()


def expectations(append: Append) -> Iterator[tuple[UUID, int]]:
    """The version at which each stream must be: of the guards, then of what is written."""
    for guard in append.guards:
        yield guard.stream, guard.version
    yield from expected_versions(append.events).items()


def _repeated_or_reused(append: Append, find: FindReceipt) -> Outcome:
    key = append.command_key
    stored = find(key.actor, key.key) if key else None
    if key is None or stored is None:
        raise LookupError(f"a command key that the log knew a moment ago is gone: {key}")
    return Repeated(stored.position, stored.receipt) if stored.digest == key.digest else KeyReused()


def _verdict(append: Append, head: int, versions: Mapping[UUID, int], keys: Collection[Key]) -> Verdict:
    if any(key in keys for key in key_of(append)):
        return KeyKnown()
    for stream, expected in expectations(append):
        actual = versions.get(stream, 0)
        if actual != expected:
            return Conflict(stream, expected, actual)
    return Accepted(head)
