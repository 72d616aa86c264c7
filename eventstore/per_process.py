"""What must not be shared with a forked child: pools, locks, descriptors."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class PerProcess(Generic[T]):
    """Makes its value anew in each process, at first use.

    What a child inherited is kept but never touched: to close it would disturb the parent. There is no
    lock, since a lock too may be inherited while it is held; of two values made at once one is dropped, so
    making one must cost nothing that has to be given back.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._values: dict[int, T] = {}

    def get(self) -> T:
        """The value of this process."""
        process = os.getpid()
        if process in self._values:
            return self._values[process]
        return self._values.setdefault(process, self._make())

    def existing(self) -> T | None:
        """The value of this process if it has been made."""
        return self._values.get(os.getpid())
