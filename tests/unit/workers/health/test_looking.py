"""Looking at everything at once."""

from __future__ import annotations

import threading
from pathlib import Path

from countersign.projections.health.reading import Condition, Reading, well
from countersign.workers.health.host import disk_probe, memory_probe
from countersign.workers.health.looking import looked

MEMINFO = """MemTotal:        8000000 kB
MemFree:          100000 kB
MemAvailable:    {available} kB
"""


def broken() -> Reading:
    raise ConnectionRefusedError("nobody listens")


def test_what_a_probe_raises_is_a_failed_reading() -> None:
    found = looked({"smtp": broken, "disk": lambda: well("there is room")})

    assert found["disk"].reading.condition is Condition.OK
    assert found["smtp"].reading.condition is Condition.FAILED
    assert found["smtp"].reading.says == "ConnectionRefusedError: nobody listens"


def test_a_probe_that_hangs_is_not_waited_for() -> None:
    ended = threading.Event()

    def hanging() -> Reading:
        ended.wait()
        return well("at last")

    found = looked({"vault": hanging, "disk": lambda: well("there is room")}, patience_s=0.1)
    ended.set()

    assert found["disk"].reading.condition is Condition.OK
    assert found["vault"].reading.says == "no answer within 0.1 s"


def test_a_disk_is_scarce_before_it_is_full(tmp_path: Path) -> None:
    assert disk_probe(tmp_path, 1)().condition is Condition.OK
    free = int(disk_probe(tmp_path, 1)().figures["free_bytes"])
    assert disk_probe(tmp_path, 2 * free)().condition is Condition.DEGRADED
    assert disk_probe(tmp_path, 20 * free)().condition is Condition.FAILED


def test_memory_that_can_be_had_is_told(tmp_path: Path) -> None:
    meminfo = tmp_path / "meminfo"
    assert memory_probe(meminfo)().condition is Condition.ABSENT
    meminfo.write_text(MEMINFO.format(available=4_000_000))
    assert memory_probe(meminfo)().figures == {
        "free_bytes": 4_000_000 * 1024.0,
        "total_bytes": 8_000_000 * 1024.0,
    }
    meminfo.write_text(MEMINFO.format(available=100_000))
    assert memory_probe(meminfo)().condition is Condition.DEGRADED
