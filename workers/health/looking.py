"""Looks at everything at once, and for so long only as somebody would wait."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final

from countersign.projections.health.reading import Probe, Reading, failed

logger = logging.getLogger(__name__)

PATIENCE_S: Final = 20.0
_DEAF: Final = "Look at what it leans on, and at the log of the worker that has looked."


@dataclass(frozen=True, slots=True)
class Look:
    """What a probe has found, and how long that took."""

    reading: Reading
    took_ms: float


def looked(probes: Mapping[str, Probe], patience_s: float = PATIENCE_S) -> Mapping[str, Look]:
    """What each probe finds; one that does not come back in time, or raises, has found a failure."""
    answers: SimpleQueue[tuple[str, Look]] = SimpleQueue()
    for name, probe in probes.items():
        # Daemons, since a probe that hangs for ever must not keep the process from ending.
        Thread(target=_look, args=(name, probe, answers), name=f"probe {name}", daemon=True).start()
    found: dict[str, Look] = {}
    until = time.monotonic() + patience_s
    while len(found) < len(probes):
        try:
            name, look = answers.get(timeout=max(0.0, until - time.monotonic()))
        except Empty:
            break
        found[name] = look
    overdue = Look(failed(f"no answer within {patience_s:g} s", _DEAF), patience_s * 1000)
    return {name: found.get(name, overdue) for name in probes}


def _look(name: str, probe: Probe, answers: SimpleQueue[tuple[str, Look]]) -> None:
    began = time.perf_counter()
    try:
        reading = probe()
    except Exception as trouble:  # noqa: BLE001 - whatever it is, the reading says so
        logger.warning("probe failed", extra={"component": name, "reason": str(trouble)})
        reading = failed(f"{type(trouble).__name__}: {trouble}", _DEAF)
    answers.put((name, Look(reading, round((time.perf_counter() - began) * 1000, 2))))
