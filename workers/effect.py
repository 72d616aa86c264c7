"""An effect: something a reaction wants done in the world, or one command it wants given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5


class State(StrEnum):
    """What has become of an effect."""

    READY = "ready"
    CLAIMED = "claimed"
    DONE = "done"
    DEAD = "dead"
    DISCARDED = "discarded"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An effect that a reaction wants.

    `payload` holds ids and versions, nothing personal. Of what is due the lowest `priority` comes first.
    Without `due_at` it is due at once; with it, it is a timer. `job` is what people know the work as: a
    rendering, a mail, a run of periodic work. Of those with the same `lane` one is done at a time, by their
    positions; one that waits holds up those behind it.
    """

    queue: str
    kind: str
    target: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    priority: int = 0
    due_at: datetime | None = None
    job: UUID | None = None
    lane: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """The event that an effect follows from, and the reaction that saw it."""

    reaction: str
    event_id: UUID
    position: int
    correlation: str
    recorded_at: datetime
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """One claim on an effect: worth something while its fence is the highest.

    `attempts` ended with a failure before this one, `crashes` without any answer.
    """

    id: UUID
    queue: str
    kind: str
    reaction: str
    cause: UUID
    position: int
    correlation: str
    payload: Mapping[str, Any]
    holder: str
    fence: int
    attempts: int
    crashes: int
    lane: str | None = None
    trace: str | None = None


def effect_id(wanted: Wanted, cause: Cause) -> UUID:
    """The same want of the same cause is the same effect, however often it is written."""
    return uuid5(cause.event_id, f"{cause.reaction}\n{wanted.kind}\n{wanted.target}")
