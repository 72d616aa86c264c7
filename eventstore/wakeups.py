"""Waking those who wait for the log or what is made from it; a lost wake-up costs delay, never an event."""

from __future__ import annotations

from threading import Event
from types import TracebackType
from typing import Protocol, Self

LOG = "log"
"""Events were appended."""
READ = "read"
"""A projection moved on."""
EFFECTS = "effects"
"""Effects were written."""


class Listener(Protocol):
    """Waits for signals; every wait is bounded, so that the poll is always the floor."""

    @property
    def hears(self) -> bool:
        """Whether signals reach it, as far as it knows."""
        ...

    def wait(self, timeout_s: float) -> bool:
        """Return True as soon as there was a signal since the last wait, False when the time is over."""
        ...

    def close(self) -> None:
        """Stop listening."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Wakeups(Protocol):
    """Signals between the threads, processes and machines of one service."""

    @property
    def degraded(self) -> str:
        """Why readers are not woken and only poll; empty when all is well."""
        ...

    def signal(self, channel: str) -> None:
        """Wake who listens on the channel. Cheap, and never fails the caller."""
        ...

    def listen(self, *channels: str) -> Listener:
        """Listen from now on."""
        ...

    def close(self) -> None:
        """Send what is still to be sent, and give back what this process has opened."""
        ...


class ListenerBase:
    """What all listeners have in common."""

    def __init__(self) -> None:
        self._closed = Event()

    def close(self) -> None:
        """Stop listening."""
        self._closed.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class PollOnly(ListenerBase):
    """Nobody signals: it waits its time."""

    hears = False

    def wait(self, timeout_s: float) -> bool:
        """Wait."""
        self._closed.wait(timeout_s)
        return False


class NoWakeups:
    """The poll alone, and the reason why."""

    def __init__(self, degraded: str) -> None:
        self.degraded = degraded

    def signal(self, channel: str) -> None:
        """Nobody hears it."""

    def listen(self, *channels: str) -> Listener:
        """Only wait."""
        return PollOnly()

    def close(self) -> None:
        """There is nothing to give back."""
