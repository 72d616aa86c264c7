"""The event log as its users see it: what goes in, what comes out, and how an append is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from countersign.eventstore.outage import DatabaseUnavailable


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event on its way into the log, already encoded."""

    stream: UUID
    version: int
    topic: str
    state: bytes
    metadata: bytes


@dataclass(frozen=True, slots=True)
class Guard:
    """A stream that was read for a decision: it must still be at this version (0: it must not exist)."""

    stream: UUID
    version: int


@dataclass(frozen=True, slots=True)
class CommandKey:
    """What makes a command happen once: who sent it, under which key, and the digest of what was asked."""

    actor: UUID
    key: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Append:
    """Everything one command wants written: all of it, or nothing.

    The events of a stream have consecutive versions, the first one above the version that the stream must
    have. Without events it needs a command key, and writes only that and the receipt.
    """

    events: tuple[NewEvent, ...]
    guards: tuple[Guard, ...] = ()
    command_key: CommandKey | None = None
    receipt: bytes = b""


class Recorded(NamedTuple):
    """An event as it stands in the log; positions are dense and begin at 1."""

    position: int
    stream: UUID
    version: int
    topic: str
    recorded_at: datetime
    state: bytes
    metadata: bytes


@dataclass(frozen=True, slots=True)
class StoredReceipt:
    """What an earlier command under the same key asked for and was answered."""

    digest: bytes
    position: int
    receipt: bytes


@dataclass(frozen=True, slots=True)
class Appended:
    """It is written; `position` is that of its last event, or the log's head for an append without events."""

    position: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Repeated:
    """The same command was accepted before: nothing was written, the first receipt holds."""

    position: int
    receipt: bytes


@dataclass(frozen=True, slots=True)
class KeyReused:
    """The command key was used before for something else: nothing was written."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A stream is not at the version that the decision was based on: nothing was written."""

    stream: UUID
    expected: int
    actual: int


Outcome = Appended | Repeated | KeyReused | Conflict


class AppendRefused(ValueError):
    """An append that no database could store, or that contradicts itself; nothing was sent."""


class LogUnavailable(DatabaseUnavailable):
    """The log cannot answer now.

    Unless `in_doubt`, nothing was written. In doubt, the answer to a commit was lost and could not be had
    again in time: only a repeat under the same command key tells.
    """

    def __init__(self, why: str, retry_after_s: float = 1.0, *, in_doubt: bool = False) -> None:
        super().__init__(why, retry_after_s)
        self.in_doubt = in_doubt


class Log(Protocol):
    """One totally ordered log of events, in streams."""

    def append(self, append: Append) -> Outcome:
        """Write it durably, or say why not. Checked in this order: command key, guards, versions.

        Raises:
            AppendRefused: it could never be stored.
            LogUnavailable: the lock, the database or the connection to it is not to be had.
        """
        ...

    def read(self, after: int, limit: int) -> list[Recorded]:
        """The next events behind a position, in the order of the log, without gaps."""
        ...

    def stream(
        self, stream: UUID, after_version: int = 0, up_to_version: int | None = None
    ) -> list[Recorded]:
        """The events of one stream in order."""
        ...

    def streams(self, after: Mapping[UUID, int]) -> dict[UUID, list[Recorded]]:
        """The events of several streams behind the given versions, in one round trip."""
        ...

    def receipt(self, actor: UUID, key: str) -> StoredReceipt | None:
        """What was answered to the command under this key, if it was accepted."""
        ...

    def head(self) -> int:
        """The last position; 0 while the log is empty."""
        ...

    def head_unless_gone_on(self, after: Mapping[UUID, int]) -> int | None:
        """The last position, in one round trip; None when a stream has events behind the given version."""
        ...

    def position_at(self, at: datetime) -> int:
        """The last position recorded at or before that time."""
        ...
