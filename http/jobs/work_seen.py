"""What the API is told of workers, which are processes of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID


class Underway(Protocol):
    """How a job goes that a worker is at."""

    @property
    def since(self) -> datetime: ...

    @property
    def percent(self) -> int | None: ...

    @property
    def step(self) -> str | None: ...


class WorkSeen(Protocol):
    """Looks on."""

    def workers(self) -> Sequence[object]:
        """Everyone; see `countersign.http.jobs.workers.WorkerAnswer` for what is read of each."""

    def underway(self, job: UUID) -> Underway | None:
        """How a job goes; None when no worker is at it."""
