"""Run as a program: appends from several threads until it is killed, and says what was acknowledged.

Arguments: the database's URL, the number of threads. Prints stream, version and position of each event.
"""

from __future__ import annotations

import sys
from threading import Thread
from uuid import uuid4

from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.log import Appended, Log
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_wakeups import open_wakeups
from tests.integration.eventstore.samples import events


def main(url: str, threads: int) -> None:
    databases = Databases(DatabaseOptions(url=url))
    log = open_log(databases, open_wakeups(databases))
    for _ in range(threads):
        Thread(target=write, args=(log,)).start()


def write(log: Log) -> None:
    stream, version = uuid4(), 0
    while True:
        version += 2
        outcome = log.append(events(stream, version - 1, version))
        if not isinstance(outcome, Appended):
            raise SystemExit(f"refused: {outcome}")
        sys.stdout.write(f"{stream} {version} {outcome.position}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
