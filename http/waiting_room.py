"""Requests that wait hold a thread each: some may, so that the others find one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore


class WaitingRoom:
    """A room with so many seats in this process."""

    def __init__(self, seats: int) -> None:
        self._free = BoundedSemaphore(seats)

    @contextmanager
    def seat(self) -> Iterator[bool]:
        """A seat, if one is free: whoever has none does not wait."""
        seated = self._free.acquire(blocking=False)
        try:
            yield seated
        finally:
            if seated:
                self._free.release()
