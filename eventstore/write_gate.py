"""One writer at a time for an SQLite file, and each process in its turn.

SQLite's own busy handler lets processes starve for seconds. Here a process takes its turn before the gate,
and gives the turn up when it has the gate: who has just written does not come back before one who waits.
"""

from __future__ import annotations

import fcntl
import os
import weakref
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Lock
from time import monotonic, sleep

from countersign.eventstore.outage import DatabaseUnavailable

_SHORTEST_PAUSE_S = 0.0001
_LONGEST_PAUSE_S = 0.002


class WriteGate:
    """Belongs to one process: threads of it share a lock in front of the files'."""

    def __init__(self, path: Path, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._threads = Lock()
        self._turn = _FileLock(path.with_name(f"{path.name}.turn"))
        self._gate = _FileLock(path.with_name(f"{path.name}.lock"))
        self._stuck = f"another writer has held {path.name} for {timeout_s:g} s"

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Be the only writer.

        Raises:
            DatabaseUnavailable: another writer has held it for longer than the time-out.
        """
        deadline = monotonic() + self._timeout_s
        with ExitStack() as held:
            if not self._threads.acquire(timeout=self._timeout_s):
                raise DatabaseUnavailable(self._stuck)
            held.callback(self._threads.release)
            self._pass(deadline)
            held.callback(self._gate.release)
            yield

    def close(self) -> None:
        """Give the descriptors back."""
        self._turn.close()
        self._gate.close()

    def _pass(self, deadline: float) -> None:
        if not self._turn.acquire(deadline):
            raise DatabaseUnavailable(self._stuck)
        try:
            if not self._gate.acquire(deadline):
                raise DatabaseUnavailable(self._stuck)
        finally:
            self._turn.release()


class _FileLock:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self, deadline: float) -> bool:
        descriptor, pause_s = self._opened(), _SHORTEST_PAUSE_S
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if monotonic() > deadline:
                    return False
                sleep(pause_s)
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
            else:
                return True

    def release(self) -> None:
        fcntl.flock(self._opened(), fcntl.LOCK_UN)

    def close(self) -> None:
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


def _close(inherited: weakref.ref[_FileLock]) -> None:
    lock = inherited()
    if lock is not None:
        lock.close()
