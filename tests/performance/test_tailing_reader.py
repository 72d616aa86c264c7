"""The hammer: eight writers in four processes, and a reader at their heels that must miss nothing."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from uuid import UUID

import pytest

from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.log import Recorded
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_wakeups import open_wakeups
from countersign.eventstore.subscription import Subscription

PROCESSES = 4
SECONDS = 5


@pytest.mark.slow
def test_a_tailing_reader_sees_every_event_once_and_in_order(every_database_url: str) -> None:
    stop = Event()
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(tail, every_database_url, stop)
        tries = [line.split() for line in hammered(every_database_url)]
        stop.set()
        seen = reading.result(timeout=30)
    became = Counter(outcome for _, outcome, _ in tries)
    assert became["conflict"] == 0
    assert became["undone"] > 0
    assert [recorded.position for recorded in seen] == list(range(1, became["written"] + 1))
    assert {UUID(bytes=recorded.state[:16]): recorded.position for recorded in seen} == {
        UUID(mark): int(position) for mark, outcome, position in tries if outcome == "written"
    }
    times = [recorded.recorded_at for recorded in seen]
    assert times == sorted(times)


def hammered(url: str) -> list[str]:
    writers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.performance.hammering", url, str(SECONDS), str(seed)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for seed in range(PROCESSES)
    ]
    with ThreadPoolExecutor(PROCESSES) as pool:
        outputs = list(pool.map(lambda writer: writer.communicate(timeout=60)[0], writers))
    assert [writer.returncode for writer in writers] == [0] * PROCESSES
    return [line for output in outputs for line in output.splitlines()]


def tail(url: str, stop: Event) -> list[Recorded]:
    """Follow until told to stop, and then to the end."""
    databases = Databases(DatabaseOptions(url=url))
    wakeups = open_wakeups(databases)
    log = open_log(databases, wakeups)
    seen: list[Recorded] = []
    for page in Subscription(log, wakeups, poll_s=0.2).pages(0, 500, stop):
        seen += page
    while page := log.read(len(seen), 500):
        seen += page
    databases.close()
    return seen
