"""Lets Python look for cyclic garbage less often while very many objects are made.

Nearly half of the time of a bulk load went into it, for none was found: rows and events have no cycles.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

_RARELY: Final = (100_000, 50, 100)


class _Asked:
    """How many have asked for it, and what is usual when nobody does."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._count = 0
        self._usual = gc.get_threshold()

    def change(self, by: int) -> None:
        with self._lock:
            if self._count == 0:
                self._usual = gc.get_threshold()
            self._count += by
            gc.set_threshold(*(_RARELY if self._count else self._usual))


_ASKED: Final = _Asked()


@contextmanager
def rarely_collecting() -> Iterator[None]:
    """For the whole process, until the last of those who asked for it is done."""
    _ASKED.change(1)
    try:
        yield
    finally:
        _ASKED.change(-1)
