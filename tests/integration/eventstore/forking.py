"""Run as a program: uses the log, forks, and lets parent and children use it at once.

Arguments: the database's URL. Prints how many wrong answers parent and children got together.
"""

from __future__ import annotations

import os
import sys
from uuid import uuid4

from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.log import Appended, Log
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_wakeups import open_wakeups
from tests.integration.eventstore.samples import events

CHILDREN = 4
ROUNDS = 25


def main(url: str) -> int:
    databases = Databases(DatabaseOptions(url=url))
    wakeups = open_wakeups(databases)
    log = open_log(databases, wakeups)
    wrong_answers(log)
    children = [fork(log) for _ in range(CHILDREN)]
    wrong = wrong_answers(log)
    wrong += sum(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children)
    wrong += wrong_answers(log)
    wakeups.close()
    databases.close()
    return wrong


def fork(log: Log) -> int:
    child = os.fork()
    if child == 0:
        os._exit(wrong_answers(log))
    return child


def wrong_answers(log: Log) -> int:
    wrong = 0
    for _ in range(ROUNDS):
        stream = uuid4()
        outcome = log.append(events(stream, 1, 2))
        found = log.stream(stream)
        right = isinstance(outcome, Appended) and [each.version for each in found] == [1, 2]
        wrong += not (right and found[-1].position == outcome.position)  # type: ignore[union-attr]
    return wrong


if __name__ == "__main__":
    sys.stdout.write(f"{main(sys.argv[1])}\n")
