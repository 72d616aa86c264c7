"""One writer at a time for an SQLite file, in the order of asking rather than of luck.

SQLite's own busy handler lets processes starve for seconds; a lock file in front of BEGIN does not.
"""

from __future__ import annotations

import fcntl
import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from time import monotonic, sleep

from countersign.eventstore.outage import DatabaseUnavailable

_PAUSE_S = 0.001


class WriteGate:
    """Belongs to one process: threads of it share a lock in front of the file's."""

    def __init__(self, path: Path, timeout_s: float) -> None:
        self._path = path
        self._timeout_s = timeout_s
        self._threads = Lock()
        self._descriptor: int | None = None

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Be the only writer.

        Raises:
            DatabaseUnavailable: another writer has held it for longer than the time-out.
        """
        deadline = monotonic() + self._timeout_s
        if not self._threads.acquire(timeout=self._timeout_s):
            raise self._stuck()
        try:
            descriptor = self._opened()
            self._lock_file(descriptor, deadline)
            try:
                yield
            finally:
                fcntl.flock(descriptor, fcntl.LOCK_UN)
        finally:
            self._threads.release()

    def close(self) -> None:
        """Give the descriptor back."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def _opened(self) -> int:
        if self._descriptor is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            # A child that keeps the descriptor would keep the lock when this process is killed.
            inherited = weakref.ref(self)
            os.register_at_fork(after_in_child=lambda: _close(inherited))
        return self._descriptor

    def _lock_file(self, descriptor: int, deadline: float) -> None:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if monotonic() > deadline:
                    raise self._stuck() from None
                sleep(_PAUSE_S)
            else:
                return

    def _stuck(self) -> DatabaseUnavailable:
        return DatabaseUnavailable(f"another writer has held {self._path.name} for {self._timeout_s:g} s")


def _close(inherited: weakref.ref[WriteGate]) -> None:
    gate = inherited()
    if gate is not None:
        gate.close()
