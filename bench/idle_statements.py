"""What an idle `countersign work` asks of its database: statements a second, by the part that asks.

Processor time says little on a machine with other work; what is counted here does not depend on that. SQLite
only, since its driver tells of each statement in the thread that runs it.
"""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

import psutil
from sqlalchemy import Engine, event

from bench.service import PASSWORD
from countersign.cli.work import PARTS, _shift
from countersign.config.layers import load_settings
from countersign.workers.together import run_together

SETTLE_S = 10.0
MEASURE_S = 30.0
_counts: Counter[tuple[str, str]] = Counter()


def main() -> None:
    """Print a line for each part, the most frequent statements, and how often the process was woken."""
    with tempfile.TemporaryDirectory(prefix="countersign-") as folder:
        os.environ["COUNTERSIGN_DATA_DIR"] = folder
        os.environ["COUNTERSIGN_LOGGING__LEVEL"] = "error"
        command = [sys.executable, "-m", "countersign.cli.main", "init", "--admin-password-stdin"]
        subprocess.run(command, input=PASSWORD, text=True, check=True, stdout=subprocess.DEVNULL)
        event.listen(Engine, "connect", _listen_in)
        stop = threading.Event()
        with _shift(PARTS, load_settings(os.environ)) as shift:
            worker = threading.Thread(target=run_together, args=(stop, shift.parts))
            worker.start()
            try:
                _measure()
            finally:
                stop.set()
                worker.join()


def _measure() -> None:
    time.sleep(SETTLE_S)
    process = psutil.Process()
    _counts.clear()
    began, cpu, woken = time.perf_counter(), time.process_time(), _woken(process)
    time.sleep(MEASURE_S)
    lasted_s = time.perf_counter() - began
    counts, cpu_s = _counts.copy(), time.process_time() - cpu
    woken = _woken(process) - woken
    parts: Counter[str] = Counter()
    for (part, _), count in counts.items():
        parts[part] += count
    for part, count in parts.most_common():
        print(f"{count / lasted_s:7.2f}/s {part}")
        own = Counter({statement: many for (of, statement), many in counts.items() if of == part})
        for statement, many in own.most_common(8):
            print(f"            {many / lasted_s:7.2f}/s {statement}")
    print(
        f"{counts.total() / lasted_s:7.2f}/s all; woken {woken / lasted_s:.1f}/s, "
        f"{cpu_s / lasted_s * 100:.2f} % CPU"
    )


def _woken(process: psutil.Process) -> int:
    statuses = Path(f"/proc/{process.pid}/task").glob("*/status")
    lines = [line for status in statuses for line in status.read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("voluntary"))


def _listen_in(driver: Any, _record: object) -> None:
    driver.set_trace_callback(_count)


def _count(statement: str) -> None:
    _counts[_part(inspect.currentframe()), " ".join(statement.split())[:90]] += 1


def _part(frame: FrameType | None) -> str:
    """The module of the outermost function of ours in this thread, but for what only starts threads."""
    found = "?"
    while frame is not None:
        module = str(frame.f_globals.get("__name__", ""))
        if module.startswith("countersign.") and not module.endswith((".together",)):
            found = module.removeprefix("countersign.")
        frame = frame.f_back
    return found


if __name__ == "__main__":
    main()
