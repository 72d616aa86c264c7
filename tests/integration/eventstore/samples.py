"""Appends as the tests need them; what is in the events does not matter to the log."""

from __future__ import annotations

from uuid import UUID, uuid4

from countersign.eventstore.log import Append, CommandKey, NewEvent


def event(stream: UUID, version: int, state: bytes = b'{"title":"Pump 7"}') -> NewEvent:
    return NewEvent(stream, version, "report.created", state, b'{"actor":"somebody"}')


def events(stream: UUID, first: int, last: int) -> Append:
    return Append(tuple(event(stream, version) for version in range(first, last + 1)))


def command(key: CommandKey, receipt: bytes = b"receipt", stream: UUID | None = None) -> Append:
    return Append((event(stream or uuid4(), 1),), command_key=key, receipt=receipt)


def new_key(digest: bytes = b"digest") -> CommandKey:
    return CommandKey(uuid4(), uuid4().hex, digest)
