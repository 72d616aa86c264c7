"""A process with a mended projection that takes letters; it may die in the middle of one position."""

from __future__ import annotations

import os
import signal
import sys

from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.leases import Leases
from countersign.eventstore.log import Recorded
from countersign.eventstore.mapper import Happened
from countersign.eventstore.wakeups import NoWakeups
from countersign.projections.following.runner import Options, Runner
from tests.integration.projections.journal import Journal
from tests.integration.projections.poisoned import telling


def drain(url: str, dies_at: str) -> None:
    databases = Databases(DatabaseOptions(url=url))
    journal = Journal(databases, NoWakeups("nobody listens"))

    def decode(recorded: Recorded) -> Happened:
        if str(recorded.position) == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return journal.store.mapper.happened(recorded)

    options = Options(lease_ttl_s=0.5)
    leases = Leases(databases.read)
    Runner(
        journal.log, decode, databases.read, leases, journal.wakeups, [telling()], "drainer", options
    ).catch_up()
    databases.close()


if __name__ == "__main__":
    drain(*sys.argv[1:])
