"""What the service costs while nobody asks anything of it: processor and memory of all its processes.

Memory is the proportional set size: what several processes share is counted once. The resident set size, in
which it counts in each of them, stands beside it. The database's own processes are not counted.
"""

from __future__ import annotations

import time

import psutil

from bench.databases import database_urls
from bench.service import running_service

PARTS = ("serve", "work", "schedule")
SETTLE_S = 15.0
MEASURE_S = 45.0
MIB = 1 << 20


def main() -> None:
    """Print one line for each process and one for all of them, on each database."""
    with database_urls() as urls:
        for name, url in urls.items():
            with running_service(url, parts=PARTS):
                _measure(name)


def _measure(name: str) -> None:
    time.sleep(SETTLE_S)
    processes = [each for each in psutil.Process().children(recursive=True) if _is_ours(each)]
    before = {each.pid: _cpu_s(each) for each in processes}
    began = time.perf_counter()
    time.sleep(MEASURE_S)
    lasted_s = time.perf_counter() - began
    rows = [
        (_title(each), (_cpu_s(each) - before[each.pid]) / lasted_s * 100, each.memory_full_info())
        for each in processes
    ]
    for title, cpu, memory in rows:
        print(
            f"{name:10} {title:22} {cpu:5.2f} % CPU {memory.pss / MIB:6.1f} MiB (rss {memory.rss / MIB:6.1f})"
        )
    print(
        f"{name:10} {'all':22} {sum(cpu for _, cpu, _ in rows):5.2f} % CPU "
        f"{sum(memory.pss for *_, memory in rows) / MIB:6.1f} MiB "
        f"(rss {sum(memory.rss for *_, memory in rows) / MIB:6.1f})"
    )


def _is_ours(process: psutil.Process) -> bool:
    return process.status() != psutil.STATUS_ZOMBIE and "postgres" not in process.name()


def _cpu_s(process: psutil.Process) -> float:
    spent = process.cpu_times()
    return float(spent.user + spent.system)


def _title(process: psutil.Process) -> str:
    words = process.cmdline()
    if "gunicorn" in words:
        return "serve" if process.ppid() == psutil.Process().pid else "serve, a worker"
    return words[-1] if words[-1] in PARTS else "a renderer"


if __name__ == "__main__":
    main()
