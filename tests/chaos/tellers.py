"""Workers that tell endpoints, to be killed; their time runs faster, so that pauses of minutes are none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from countersign.commands.account.one_time_tokens import OneTimeTokens
from countersign.commands.catalogue import handlers
from countersign.commands.configuration.flag_reader import FlagReader
from countersign.commands.dispatch import Dispatcher
from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_store import open_store
from countersign.eventstore.open_wakeups import open_wakeups
from countersign.workers.equipment import Surroundings
from countersign.workers.kinds import COMMANDS, WEBHOOKS
from countersign.workers.options import Options, QueueOptions
from countersign.workers.rendering.limits import Limits
from countersign.workers.together import run_together
from countersign.workers.workforce import REACTIONS, worker_parts
from tests.chaos.nursery import ROOT, Nursery
from tests.integration.workers.webhooks.plant import COMMAND_OPTIONS, WITH_WEBHOOKS, endpoint_settings
from tests.unit.commands.documents.office import STORE

TIMES_FASTER = 240
CONCURRENCY = 4
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


@contextmanager
def tellers(url: str, lease_s: float) -> Iterator[Nursery]:
    """Workers for a database; those that live are killed at the end."""
    command = [sys.executable, "-m", __name__, url, str(lease_s)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        workers = Nursery(process)
        try:
            yield workers
        finally:
            for name in workers.living:
                workers.kill(name)


def fast_now() -> datetime:
    """Far ahead of the clock on the wall, and farther with each second."""
    return _BEGAN + (datetime.now(UTC) - _BEGAN) * TIMES_FASTER


def options(lease_s: float) -> Options:
    queue = QueueOptions(
        concurrency=CONCURRENCY, backoff_base_s=1.0, backoff_cap_s=60.0, lease_s=lease_s * TIMES_FASTER
    )
    return replace(endpoint_settings(ROOT), webhooks=queue, commands=queue)


def tell(url: str, lease_s: float, holder: str) -> None:
    databases = Databases(DatabaseOptions(url=url))
    wakeups = open_wakeups(databases)
    log = open_log(databases, wakeups)
    store = open_store(databases, log, WITH_WEBHOOKS, STORE)
    around = Surroundings(
        databases=databases,
        log=log,
        store=store,
        dispatcher=Dispatcher(handlers(COMMAND_OPTIONS), store, log, fast_now),
        wakeups=wakeups,
        flags=FlagReader(store.aggregates, {}, lambda: 0.0),
        holder=holder,
        clock=fast_now,
        one_time_tokens=OneTimeTokens(b"o" * 32),
    )
    nothing_is_rendered: Any = None
    only = (REACTIONS, COMMANDS, WEBHOOKS)
    parts = worker_parts(around, options(lease_s), nothing_is_rendered, Limits(), only)
    run_together(threading.Event(), parts)


def main(url: str, lease_s: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the killed
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            tell(url, float(lease_s), line.strip())
            return
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
