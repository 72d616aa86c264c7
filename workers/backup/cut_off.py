"""What the service has done behind a position: what a copy as of that position cannot know."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.eventstore.backup import command_keys, events
from countersign.eventstore.context import SYSTEM
from countersign.eventstore.databases import Database
from countersign.eventstore.log import Log


@dataclass(frozen=True, slots=True)
class CutOff:
    """The effects that have given a command behind the position, and the streams that go on behind it."""

    effects: frozenset[UUID]
    streams: frozenset[UUID]


def cut_off(living: Database, log: Log, position: int) -> CutOff:
    """Look into the log that goes on; command keys name the effect that gave the command."""
    head = log.head()
    effects = {
        effect
        for page in command_keys.pages(living, position, head)
        for actor, key, *_ in page
        if actor == SYSTEM.bytes and (effect := _effect(key))
    }
    streams = {each.stream for page in events.pages(log, position, head) for each in page}
    return CutOff(frozenset(effects), frozenset(streams))


def _effect(key: str) -> UUID | None:
    try:
        return UUID(key.partition("/")[0])
    except ValueError:
        return None
