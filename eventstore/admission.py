"""What is refused before it reaches a database: one bad append would abort everybody's batch."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from countersign.eventstore.log import Append, AppendRefused, NewEvent

MAX_EVENTS = 1_000
MAX_STATE_BYTES = 1 << 20
MAX_METADATA_BYTES = 1 << 16
MAX_RECEIPT_BYTES = 1 << 16
MAX_DIGEST_BYTES = 64
MAX_TEXT_CHARS = 255
MAX_VERSION = (1 << 31) - 1


def admit(append: Append) -> None:
    """Let an append pass that both databases can store as it is.

    Raises:
        AppendRefused: with what is wrong with it.
    """
    if not append.events and append.command_key is None:
        raise AppendRefused("neither events nor a command key: nothing to append")
    if len(append.events) > MAX_EVENTS:
        raise AppendRefused(f"{len(append.events)} events in one append, at most {MAX_EVENTS}")
    _admit_versions(append)
    for event in append.events:
        _admit_text("topic", event.topic)
        _admit_size(f"state of {event.topic}", event.state, MAX_STATE_BYTES)
        _admit_size(f"metadata of {event.topic}", event.metadata, MAX_METADATA_BYTES)
    _admit_size("receipt", append.receipt, MAX_RECEIPT_BYTES)
    if append.command_key:
        _admit_text("command key", append.command_key.key)
        _admit_size("command digest", append.command_key.digest, MAX_DIGEST_BYTES)


def expected_versions(events: Sequence[NewEvent]) -> dict[UUID, int]:
    """The version at which each written stream must be for these events to follow it."""
    expected: dict[UUID, int] = {}
    for event in events:
        expected.setdefault(event.stream, event.version - 1)
    return expected


def size_bytes(append: Append) -> int:
    """How much of a batch it takes up."""
    return len(append.receipt) + sum(len(event.state) + len(event.metadata) for event in append.events)


def _admit_versions(append: Append) -> None:
    reached = expected_versions(append.events)
    for event in append.events:
        if event.version != reached[event.stream] + 1 or not 1 <= event.version <= MAX_VERSION:
            raise AppendRefused(f"version {event.version} of stream {event.stream} is out of order")
        reached[event.stream] = event.version
    for guard in append.guards:
        if not 0 <= guard.version <= MAX_VERSION:
            raise AppendRefused(f"a guard on version {guard.version} of stream {guard.stream}")


def _admit_text(what: str, text: str) -> None:
    if not 1 <= len(text) <= MAX_TEXT_CHARS:
        raise AppendRefused(f"a {what} has 1 to {MAX_TEXT_CHARS} characters, not {len(text)}")
    if not text.isprintable():
        raise AppendRefused(f"the {what} {text!a} has characters that cannot be stored")


def _admit_size(what: str, content: bytes, limit: int) -> None:
    if len(content) > limit:
        raise AppendRefused(f"the {what} has {len(content)} bytes, at most {limit} go into the log")
