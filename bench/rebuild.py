"""How fast read tables are built from the log, beside PostgreSQL copying the same rows by itself.

    python -m bench.rebuild [--events 60000] [--rounds 1]

Interleaved in one run, for a projection with a row for each event and one with the content of sections:
the load of a build out of the log together with its indexes, and as the limit INSERT .. SELECT .. ON CONFLICT
of the very rows that it has made, into tables that get the same indexes afterwards. The runner of the
`eventsourcing` library takes the first of the same events into the same tables. fsync is on, the network
address in the metadata of each event is sealed, and the memory of this process is told at the first page, in
the middle and at the end of the load.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from resource import RUSAGE_SELF, getpagesize, getrusage
from statistics import median
from time import perf_counter
from typing import Final

from sqlalchemy import Connection, select, true
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from bench.databases import database_urls
from bench.library_runner import Subject, by_the_library
from bench.lives import AGGREGATES, fill
from countersign.eventstore.databases import Database, DatabaseOptions, Databases
from countersign.eventstore.log import Log
from countersign.eventstore.mapper import EventMapper
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_store import StoreOptions, create_tables, open_store
from countersign.eventstore.wakeups import NoWakeups
from countersign.projections.building import schema
from countersign.projections.building.bulk_load import bulk_load
from countersign.projections.building.placing import Placed, placed
from countersign.projections.building.side_by_side import Feed
from countersign.projections.catalogue import projection_named
from countersign.projections.projection import Projection

KEYS: Final = StoreOptions(master_key=b"m" * 32, lookup_key=b"l" * 32)
PROJECTIONS: Final = {name: projection_named(name) for name in ("audit_log", "section_current")}
AIMS: Final = {"audit_log": 0.25, "section_current": 0.10}
OF_THE_LIBRARY: Final = 2_000
BATCH: Final = 5_000


@dataclass
class Figures:
    """Seconds by what was measured, and the memory of the process in MB while it was."""

    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    memory: list[float] = field(default_factory=list)

    @contextmanager
    def time(self, what: str) -> Iterator[None]:
        begun = perf_counter()
        yield
        self.seconds[what].append(perf_counter() - begun)

    def rate(self, events: int, *parts: str) -> float:
        return events / sum(median(self.seconds[part]) for part in parts)


class Bench:
    """One log, rebuilt again and again."""

    def __init__(self, databases: Databases, log: Log, mapper: EventMapper, events: int) -> None:
        self.read: Database = databases.read
        self.log = log
        self.mapper = mapper
        self.events = events

    def measure(self, projection: Projection, figures: Figures) -> None:
        ours, theirs = placed(projection, "_ours"), placed(projection, "_theirs")
        for tables in (ours, theirs):
            self._anew(tables)
        with figures.time("load"):
            figures.memory = [resident_mb() for _ in self._load(projection, ours)]
        with figures.time("indexes"), self.read.write() as connection:
            schema.create_indexes(connection, ours)
        with figures.time("limit"), self.read.write() as connection:
            copy(connection, ours, theirs)
        with figures.time("their indexes"), self.read.write() as connection:
            schema.create_indexes(connection, theirs)
        self._anew(theirs)
        with self.read.write() as connection:
            schema.create_indexes(connection, theirs)
        with figures.time("limit with indexes"), self.read.write() as connection:
            copy(connection, ours, theirs)
        self._anew(theirs)
        subject = Subject(self.read, self.mapper, projection, theirs)
        few = self.log.read(0, OF_THE_LIBRARY)
        figures.seconds["library"].append(by_the_library(subject, few) / len(few) * self.events)

    def _anew(self, tables: Placed) -> None:
        with self.read.write() as connection:
            for table in tables.values():
                table.drop(connection, checkfirst=True)
                connection.execute(CreateTable(table))  # without its indexes

    def _load(self, projection: Projection, tables: Placed) -> Iterator[int]:
        feed = Feed(self.log, self.mapper.happened, BATCH, letters_max=0)
        return bulk_load(self.read, feed, projection, tables, lambda *_: None, 0, self.events)


def copy(connection: Connection, ours: Placed, theirs: Placed) -> None:
    """Let the database upsert the rows."""
    for table, source in ours.items():
        target = theirs[table]
        rows = postgresql.insert(target).from_select(list(source.c.keys()), select(source).where(true()))
        others = {column.name: rows.excluded[column.name] for column in target.c if not column.primary_key}
        connection.execute(rows.on_conflict_do_update(index_elements=list(target.primary_key), set_=others))


def resident_mb() -> float:
    """The memory of this process."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * getpagesize() / 1e6
    return getrusage(RUSAGE_SELF).ru_maxrss / 1e3


def told(name: str, events: int, figures: Figures) -> str:
    """A projection in a few lines."""
    ours, limit = figures.rate(events, "load", "indexes"), figures.rate(events, "limit", "their indexes")
    bare = figures.rate(events, "load"), figures.rate(events, "limit")
    memory = [figures.memory[0], figures.memory[len(figures.memory) // 2], figures.memory[-1]]
    return "\n".join(
        [
            f"{name}: {ours:,.0f} events/s, limit {limit:,.0f}, ratio {ours / limit:.2f} (aim {AIMS[name]})",
            f"    without indexes {bare[0]:,.0f}, limit {bare[1]:,.0f}, ratio {bare[0] / bare[1]:.2f}",
            f"    limit where indexes are kept up {figures.rate(events, 'limit with indexes'):,.0f}",
            f"    the library's runner {figures.rate(events, 'library'):,.0f}",
            "    memory at the first page, in the middle, at the end: "
            + ", ".join(f"{megabytes:,.0f} MB" for megabytes in memory)
            + f"; at most {max(figures.memory):,.0f} MB",
        ]
    )


def run(url: str, events: int, rounds: int) -> Mapping[str, Figures]:
    databases = Databases(DatabaseOptions(url=url, statement_timeout_ms=0))
    create_tables(databases)
    log = open_log(databases, NoWakeups("a benchmark"))
    mapper = open_store(databases, log, AGGREGATES, KEYS).mapper
    begun = perf_counter()
    bench = Bench(databases, log, mapper, fill(databases, mapper, events))
    print(f"{bench.events:,} events filled in {perf_counter() - begun:,.0f} s", flush=True)
    figures: defaultdict[str, Figures] = defaultdict(Figures)
    for _ in range(rounds):
        for name, projection in PROJECTIONS.items():
            bench.measure(projection, figures[name])
            print(told(name, events, figures[name]), flush=True)
    databases.close()
    return figures


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--events", type=int, default=60_000)
    arguments.add_argument("--rounds", type=int, default=1)
    chosen = arguments.parse_args()
    with database_urls() as urls:
        run(urls["postgresql"], chosen.events, chosen.rounds)


if __name__ == "__main__":
    main()
