"""`countersign jobs workers`: the processes that do the work, and what each is at."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from countersign.cli.foundation import utc_now
from countersign.cli.ledger import Ledger
from countersign.cli.listing import show_rows
from countersign.cli.screen import say, show_json
from countersign.workers.roll import Roll, WorkerSeen
from countersign.workers.workers_table import Task

WORKER_COLUMNS: Final = ("host", "pid", "state", "parts", "since", "seen_at", "finished", "memory", "at_work")
_MIB: Final = 1 << 20


def show_workers(opened: Ledger, given: argparse.Namespace) -> int:
    """List them; one that is silent was killed, is cut off, or hangs."""
    seen = Roll(opened.databases.read, utc_now).workers()
    if given.json:
        show_json({"workers": [_whole(each) for each in seen]})
    elif seen:
        show_rows(WORKER_COLUMNS, worker_rows(seen))
    else:
        say("Nobody works: start `countersign work` and `countersign schedule`.")
    return 0


def worker_rows(seen: Sequence[WorkerSeen]) -> list[Mapping[str, Any]]:
    """A row each, for a table."""
    return [
        {
            "host": each.worker.host,
            "pid": each.worker.pid,
            "state": each.state,
            "parts": ", ".join(each.worker.parts),
            "since": each.worker.since,
            "seen_at": each.worker.seen_at,
            "finished": each.worker.finished,
            "memory": f"{each.worker.memory_bytes // _MIB} MiB",
            "at_work": ", ".join(map(_at_work, each.tasks)),
        }
        for each in seen
    ]


def _whole(seen: WorkerSeen) -> dict[str, Any]:
    tasks = [asdict(task) for task in seen.tasks]
    return asdict(seen.worker) | {"state": str(seen.state), "tasks": tasks}


def _at_work(task: Task) -> str:
    told = [] if task.percent is None else [f"{task.percent} %", task.step or ""]
    return " ".join(filter(None, [task.kind, *told]))
