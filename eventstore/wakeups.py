"""Waking those who wait for the log or what is made from it; a lost wake-up costs delay, never an event."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

LOG = "log"
"""Events were appended."""
READ = "read"
"""A projection's checkpoint moved."""
EFFECTS = "effects"
"""Effects were written."""
CHANNELS = (LOG, READ, EFFECTS)


class Listener(Protocol):
    """Waits for signals; every wait is bounded, so that the poll is always the floor."""

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
