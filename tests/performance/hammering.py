"""Run as a program: two threads append as fast as they can, some slowly, some rolled back in the end.

Arguments: the database's URL, for how many seconds, the seed. Prints a line for each try: what became of it
(`written`, `undone` or `conflict`), the mark that its event carries, and the position if it has one.
"""

from __future__ import annotations

import sys
from random import Random
from threading import Thread
from time import monotonic, sleep
from uuid import UUID, uuid4

from sqlalchemy import Connection

from countersign.eventstore.databases import Database, DatabaseOptions, Databases
from countersign.eventstore.log import Append, Appended, CommandKey, Log, NewEvent
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_wakeups import open_wakeups
from countersign.eventstore.postgres_batch import call, encode
from countersign.eventstore.sqlite_log import write_batch

THREADS = 2
SLOW = 0.03
UNDONE = 0.6
SLOWEST_S = 0.02


class Undone(Exception):
    """The transaction was meant to fail."""


def main(url: str, seconds: float, seed: int) -> None:
    databases = Databases(DatabaseOptions(url=url))
    wakeups = open_wakeups(databases)
    log = open_log(databases, wakeups)
    end = monotonic() + seconds
    threads = [
        Thread(target=hammer, args=(log, databases.log, Random(f"{seed} {number}"), end))
        for number in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wakeups.close()
    databases.close()


def hammer(log: Log, database: Database, chance: Random, end: float) -> None:
    stream, version = uuid4(), 0
    while monotonic() < end:
        mark = uuid4()
        append = new_append(stream, version, mark)
        if chance.random() < SLOW:
            became = slowly(database, append, chance)
        else:
            outcome = log.append(append)
            became = f"written {outcome.position}" if isinstance(outcome, Appended) else "conflict 0"
        sys.stdout.write(f"{mark} {became}\n")
        if became.startswith("written"):
            version += 1
        if version == 50:
            stream, version = uuid4(), 0


def slowly(database: Database, append: Append, chance: Random) -> str:
    try:
        with database.write() as connection:
            position = written(database, connection, append)
            sleep(chance.random() * SLOWEST_S)
            if chance.random() < UNDONE:
                raise Undone
    except Undone:
        return "undone 0"
    return f"written {position}" if position else "conflict 0"


def written(database: Database, connection: Connection, append: Append) -> int:
    cursor = connection.connection.cursor()
    if database.dialect == "sqlite":
        (outcome,) = write_batch(cursor, [append])  # type: ignore[arg-type]
        return outcome.position if isinstance(outcome, Appended) else 0
    cursor.execute(call([encode(append)]))
    ((_, (base,), _, _),) = cursor.fetchall()
    return max(0, int(base) + 1)


def new_append(stream: UUID, version: int, mark: UUID) -> Append:
    event = NewEvent(stream, version + 1, "hammer.struck", mark.bytes * 25, b"{}" * 100)
    return Append((event,), command_key=CommandKey(stream, str(mark), mark.bytes), receipt=b"{}" * 30)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
