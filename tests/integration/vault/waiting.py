"""Waiting for what another thread or process brings about."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep


def wait_until(condition: Callable[[], bool], patience_s: float = 20.0) -> None:
    deadline = monotonic() + patience_s
    while not condition():
        assert monotonic() < deadline, "it did not come about in time"
        sleep(0.02)
