"""A worker process that a test may kill: as a module it takes URL, mail port and the holder's name."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from countersign.commands.account.one_time_tokens import OneTimeTokens
from countersign.commands.catalogue import handlers
from countersign.commands.configuration.flag_reader import FlagReader
from countersign.commands.dispatch import Dispatcher
from countersign.commands.options import Options as CommandOptions
from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_store import open_store
from countersign.eventstore.open_wakeups import open_wakeups
from countersign.workers.equipment import Surroundings
from countersign.workers.options import Options, SmtpOptions
from countersign.workers.rendering.limits import Limits
from countersign.workers.rendering.renderer import Renderer
from countersign.workers.together import run_together
from countersign.workers.workforce import worker_parts
from tests.integration.workers.plant import ALL, settings
from tests.integration.workers.running import now
from tests.unit.commands.documents.office import STORE

ROOT = Path(__file__).parents[3]
_COMMANDS = CommandOptions(
    refresh_key=b"r" * 32, api_key_secret=b"a" * 32, one_time_key=b"o" * 32, second_factor_key=b"f" * 32
)


@contextmanager
def worker_process(url: str, smtp: SmtpOptions, holder: str) -> Iterator[subprocess.Popen[bytes]]:
    """Runs every part until the block ends; kill it whenever you like."""
    command = [sys.executable, "-m", __name__, url, str(smtp.port), holder]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def main(url: str, port: str, holder: str) -> None:
    smtp = SmtpOptions(host="127.0.0.1", port=int(port), from_address="c@example.org", timeout_s=30.0)
    with Renderer() as renderer:
        work(url, settings(ROOT, smtp), holder, renderer)


def work(
    url: str,
    options: Options,
    holder: str,
    renderer: Renderer,
    only: Collection[str] = (),
    clock: Callable[[], datetime] = now,
) -> None:
    """Run the parts of a worker process, until it is killed."""
    databases = Databases(DatabaseOptions(url=url))
    wakeups = open_wakeups(databases)
    log = open_log(databases, wakeups)
    store = open_store(databases, log, ALL, STORE)
    around = Surroundings(
        databases=databases,
        log=log,
        store=store,
        dispatcher=Dispatcher(handlers(_COMMANDS), store, log, clock),
        wakeups=wakeups,
        flags=FlagReader(store.aggregates, {"review_copies": True}, time.monotonic),
        holder=holder,
        clock=clock,
        one_time_tokens=OneTimeTokens(b"o" * 32),
    )
    run_together(threading.Event(), worker_parts(around, options, renderer, Limits(), only))


if __name__ == "__main__":
    main(*sys.argv[1:])
