"""A process that makes one build and is killed by itself at one of its commits."""

from __future__ import annotations

import os
import signal
import sys

from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.open_wakeups import open_wakeups
from countersign.projections.building.builder import Builder, Options
from countersign.projections.catalogue import PROJECTIONS
from tests.integration.projections.crashing import crashing
from tests.integration.projections.journal import Journal


def build(url: str, name: str, number: str, killed_at: str) -> None:
    databases = Databases(DatabaseOptions(url=url))
    journal = Journal(databases, open_wakeups(databases))
    read = crashing(databases.read, int(killed_at), lambda: os.kill(os.getpid(), signal.SIGKILL))
    options = Options(batch_size=10, lease_ttl_s=0.6, handover_s=0)
    decode = journal.store.mapper.happened
    holder = f"builder {os.getpid()}"
    Builder(journal.log, decode, read, PROJECTIONS, holder, lambda _: None, options).bring(name, int(number))


if __name__ == "__main__":
    build(*sys.argv[1:])
