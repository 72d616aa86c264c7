"""New workers take over before the old ones go, so that nobody who connects waits for their start."""

from __future__ import annotations

import logging
import os
import select
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, Final

PATIENCE_S: Final = 30.0
_PAUSE_S: Final = 0.1
_AGE_BYTES: Final = 4  # so few that a pipe takes or gives them at once
_log = logging.getLogger(__name__)


class Relief:
    """A pipe that gunicorn's master makes before it forks: through it workers say that they answer now."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._heard, self._said = os.pipe()
        for end in (self._heard, self._said):
            os.set_blocking(end, False)
        self._answering: frozenset[int] = frozenset()

    def answers(self, age: int) -> None:
        """Say so in a worker, whose age is its number in the order of all starts."""
        os.write(self._said, age.to_bytes(_AGE_BYTES, "big"))

    @contextmanager
    def newcomers_first(self, server: Any) -> Iterator[None]:
        """While gunicorn exchanges its workers, let it end the old ones when the new ones answer.

        It starts the new ones, and at once ends those that are too many: that is what waits here.
        """
        manage, before = server.manage_workers, server.worker_age

        def manage_afterwards() -> None:
            self._wait(server, before)
            manage()

        server.manage_workers = manage_afterwards
        try:
            yield
        finally:
            server.manage_workers = manage

    def close(self) -> None:
        """Give the pipe back."""
        os.close(self._heard)
        os.close(self._said)

    def _wait(self, server: Any, before: int) -> None:
        give_up = monotonic() + self._patience_s
        while awaited := _newcomers(server, before) - self._answering:
            if monotonic() > give_up:
                _log.warning("new workers do not answer, the old ones go all the same: %d", len(awaited))
                return
            server.reap_workers()  # one that cannot start ends the server, or is not waited for any more
            if select.select([self._heard], [], [], _PAUSE_S)[0]:
                self._answering |= frozenset(self._ages())

    def _ages(self) -> Iterator[int]:
        said = os.read(self._heard, 4096)
        for start in range(0, len(said), _AGE_BYTES):
            yield int.from_bytes(said[start : start + _AGE_BYTES], "big")


def _newcomers(server: Any, before: int) -> frozenset[int]:
    workers: Collection[Any] = server.WORKERS.values()
    return frozenset(worker.age for worker in workers if worker.age > before)
