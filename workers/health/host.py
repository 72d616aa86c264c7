"""What each machine has left: disk and memory, looked at by the workers that run there."""

from __future__ import annotations

import logging
import re
import shutil
import socket
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from countersign.eventstore.databases import Database
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.projections.health.health_readings import record
from countersign.projections.health.reading import Probe, Reading, absent, failed, well, worse
from countersign.workers.health.looking import looked

logger = logging.getLogger(__name__)

GIB: Final = 1 << 30
MEMINFO: Final = Path("/proc/meminfo")
EVERY_S: Final = 60.0
_LOW_MEMORY: Final = 0.05
_LINE: Final = re.compile(r"^(MemTotal|MemAvailable):\s+(\d+) kB", re.MULTILINE)


def disk_probe(folder: Path, free_min_bytes: int) -> Probe:
    """Whether there is room to write; with a tenth of what is wanted left, writing is about to fail."""

    def probe() -> Reading:
        usage = shutil.disk_usage(folder)
        figures = {"free_bytes": float(usage.free), "total_bytes": float(usage.total)}
        says = f"{usage.free / GIB:.1f} of {usage.total / GIB:.1f} GiB free"
        remedy = f"Make room where {folder} lies; `countersign maintenance` tells what may go."
        if usage.free < free_min_bytes / 10:
            return failed(f"{says}, {free_min_bytes / GIB:.1f} wanted", remedy, **figures)
        if usage.free < free_min_bytes:
            return worse(f"{says}, {free_min_bytes / GIB:.1f} wanted", remedy, **figures)
        return well(says, **figures)

    return probe


def memory_probe(meminfo: Path = MEMINFO) -> Probe:
    """How much memory can be had before the machine swaps or kills; only Linux tells."""

    def probe() -> Reading:
        if not meminfo.exists():
            return absent("this system does not tell")
        told = {name: int(kib) * 1024 for name, kib in _LINE.findall(meminfo.read_text("ascii"))}
        free, total = told["MemAvailable"], told["MemTotal"]
        figures = {"free_bytes": float(free), "total_bytes": float(total)}
        says = f"{free / GIB:.1f} of {total / GIB:.1f} GiB can be had"
        if free < _LOW_MEMORY * total:
            remedy = "Run fewer workers or renderers on this machine (rendering.renderers), or give it more."
            return worse(says, remedy, **figures)
        return well(says, **figures)

    return probe


class HostWatch:
    """Records once a minute how this machine stands; of its processes, the first that looks counts."""

    def __init__(
        self, read: Database, probes: Mapping[str, Probe], clock: Callable[[], datetime], host: str = ""
    ) -> None:
        self._read = read
        self._clock = clock
        host = host or socket.gethostname()
        self._probes = {f"{name}:{host}": probe for name, probe in probes.items()}

    def run(self, stop: threading.Event) -> None:
        """Look until told to stop."""
        while not stop.is_set():
            try:
                self.look()
            except DatabaseUnavailable as outage:
                logger.warning("readings not kept", extra={"reason": str(outage)})
            stop.wait(EVERY_S - self._clock().timestamp() % EVERY_S)

    def look(self) -> None:
        """Look once.

        Raises:
            DatabaseUnavailable: what was found could not be kept.
        """
        for component, look in looked(self._probes).items():
            record(self._read, component, look.reading, self._clock(), look.took_ms)
