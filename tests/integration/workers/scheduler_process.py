"""A scheduler process that a test may freeze: as a module it takes URL and the holder's name."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from countersign.commands.catalogue import handlers
from countersign.commands.dispatch import Dispatcher
from countersign.commands.options import Options as CommandOptions
from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.leases import Leases
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_store import open_store
from countersign.eventstore.open_wakeups import open_wakeups
from countersign.workers.options import ElectionOptions, Periodic, ScheduleOptions
from countersign.workers.schedule import Schedule
from tests.integration.workers.plant import ALL
from tests.integration.workers.running import now
from tests.unit.commands.documents.office import STORE

ROOT = Path(__file__).parents[3]
EVERY_SECOND, BY_CRON, QUIETLY = "health_check", "clean_up", "metrics_samples"
OPTIONS = ScheduleOptions(
    work={
        EVERY_SECOND: Periodic(every_s=1),
        BY_CRON: Periodic(every_s=0, cron="* * * * *"),
        QUIETLY: Periodic(every_s=1, quiet=True),
    },
    election=ElectionOptions(lease_s=1.0, heartbeat_s=0.2),
)
_COMMANDS = CommandOptions(
    refresh_key=b"r" * 32, api_key_secret=b"a" * 32, one_time_key=b"o" * 32, second_factor_key=b"f" * 32
)


@contextmanager
def scheduler_process(url: str, holder: str) -> Iterator[subprocess.Popen[bytes]]:
    """Keeps the schedule, while elected, until the block ends."""
    command = [sys.executable, "-m", __name__, url, holder]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def main(url: str, holder: str) -> None:
    databases = Databases(DatabaseOptions(url=url, lock_timeout_ms=1000, idle_transaction_timeout_ms=2000))
    log = open_log(databases, open_wakeups(databases))
    store = open_store(databases, log, ALL, STORE)
    dispatcher = Dispatcher(handlers(_COMMANDS), store, log, now)
    read = databases.read
    Schedule(dispatcher, read, Leases(read), holder, OPTIONS, now).run(threading.Event())


if __name__ == "__main__":
    main(*sys.argv[1:])
