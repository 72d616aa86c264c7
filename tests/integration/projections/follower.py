"""A process that keeps the read tables of a database until it is told to stop, or killed.

When it is to freeze at a position, it stops itself as it has read that event and not written it yet.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading

from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.leases import Leases
from countersign.eventstore.log import Recorded
from countersign.eventstore.mapper import Happened
from countersign.eventstore.open_wakeups import open_wakeups
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following.runner import Options, Runner
from tests.integration.projections.journal import Journal


def follow(url: str, holder: str, freeze_at: str = "") -> None:
    logging.basicConfig(level=logging.WARNING, stream=sys.stdout)
    databases = Databases(DatabaseOptions(url=url, idle_transaction_timeout_ms=1_000))
    journal = Journal(databases, open_wakeups(databases))
    read = databases.read

    def decode(recorded: Recorded) -> Happened:
        if str(recorded.position) == freeze_at:
            os.kill(os.getpid(), signal.SIGSTOP)
        return journal.store.mapper.happened(recorded)

    options = Options(batch_size=7, poll_s=0.1, lease_ttl_s=1.0)
    runner = Runner(journal.log, decode, read, Leases(read), journal.wakeups, PROJECTIONS, holder, options)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    print("ready", flush=True)  # noqa: T201 - whoever started it waits for this
    runner.run(stop)


if __name__ == "__main__":
    follow(*sys.argv[1:])
