"""From a commit in the log to the row that can be read, under a steady load, beside the bare wake-up.

    python -m bench.live_lag [--seconds 10] [--rates 200 1000]

One process appends, each event for itself, a second one keeps all read tables, a third one looks: it is woken
when they have moved and reads up to where the audit log has a row. Beside it, in the same run, it is woken by
the append itself and reads one row of the log: so long takes the way without any projection.
"""

from __future__ import annotations

import argparse
import multiprocessing
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

from sqlalchemy import func, select

from bench.databases import database_urls
from countersign.aggregates.report.report import Report
from countersign.aggregates.root import Root
from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.leases import Leases
from countersign.eventstore.log import Append, Appended, Log, NewEvent
from countersign.eventstore.mapper import EventMapper
from countersign.eventstore.metadata import Metadata
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_store import StoreOptions, create_tables, open_store
from countersign.eventstore.open_wakeups import open_wakeups
from countersign.eventstore.wakeups import LOG, READ, Wakeups
from countersign.projections.audit.audit_log import entries
from countersign.projections.building.schema import create
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following.runner import Options, Runner
from countersign.projections.projection import view_of

ACTOR = UUID(int=1)
KEYS = StoreOptions(master_key=b"m" * 32, lookup_key=b"l" * 32)
THREADS = 8
WARM_UP_S = 2.0
CLOCK_MS = 0.1  # two processes do not agree on the time of an append to less
NOTED = view_of(entries)

Times = dict[int, float]
"""When each position was committed, or could be read, by the clock that all processes share."""


@contextmanager
def opened(url: str) -> Iterator[tuple[Databases, Wakeups, Log, EventMapper]]:
    """What one process stands on."""
    databases = Databases(DatabaseOptions(url=url))
    wakeups = open_wakeups(databases)
    log = open_log(databases, wakeups)
    try:
        yield databases, wakeups, log, open_store(databases, log, (Report,), KEYS).mapper
    finally:
        wakeups.close()
        databases.close()


def follow(url: str) -> None:
    """Keep the read tables until told to stop."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with opened(url) as (databases, wakeups, log, mapper):
        read, options = databases.read, Options(lease_ttl_s=30)
        Runner(log, mapper.happened, read, Leases(read), wakeups, PROJECTIONS, "bench", options).run(stop)


def look(url: str, answers: Connection) -> None:
    """Note when each position can be read, in the log and in the audit log, until told to stop."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with opened(url) as (databases, wakeups, log, _):

        def shown() -> int:
            with databases.read.read() as connection:
                return connection.scalar(select(func.max(NOTED.c.position))) or 0

        def recorded() -> int:
            return log.read(log.head() - 1, 1)[0].position if log.head() else 0

        seen: dict[str, Times] = {LOG: {}, READ: {}}
        looking = [
            threading.Thread(target=_look, args=(wakeups, channel, ask, seen[channel], stop))
            for channel, ask in ((LOG, recorded), (READ, shown))
        ]
        for thread in looking:
            thread.start()
        answers.send("ready")
        stop.wait()
        for thread in looking:
            thread.join()
    answers.send(seen)


def _look(
    wakeups: Wakeups, channel: str, reached: Callable[[], int], seen: Times, stop: threading.Event
) -> None:
    last = reached()
    with wakeups.listen(channel) as wakeup:
        while not stop.is_set():
            wakeup.wait(0.5)
            position, now = reached(), time.monotonic()
            seen.update(dict.fromkeys(range(last + 1, position + 1), now))
            last = max(last, position)


class Author:
    """Records the results of one report's tests."""

    def __init__(self, mapper: EventMapper) -> None:
        self._mapper = mapper
        self._report = uuid4()
        self._version = 0

    def begin(self) -> NewEvent:
        """The report."""
        header = {"document_title": "Pumps"}
        about = {
            "document_number": str(self._report),
            "title": "Pumps",
            "report_type": "SAT",
            "revision": "R0",
        }
        whose = {"project_reference": "P", "client_name": "C", "owner": ACTOR, "type_version": 1}
        return self._next(Report.Created, originator_topic=Report.TOPIC, header=header, **about, **whose)

    def go_on(self) -> NewEvent:
        """One more result."""
        said = {
            "result": "pass",
            "previous": "",
            "comment": "",
            "verified_by": "A",
            "measured": "",
            "unit": "",
        }
        where = {
            "revision": "R0",
            "section": "alarms",
            "row_id": f"r{self._version % 50}",
            "digest": "d" * 64,
        }
        return self._next(Report.TestResultRecorded, **where, **said)

    def _next(self, event: type[Root.Event], **fields: object) -> NewEvent:
        self._version += 1
        at = {"originator_id": self._report, "originator_version": self._version}
        made = event(**at, timestamp=datetime.now(UTC), **fields)  # type: ignore[arg-type]
        stored = self._mapper.to_stored_event(made)
        metadata = Metadata(actor=ACTOR, correlation="bench", command="Record", command_key=str(uuid4()))
        told = self._mapper.encode_metadata(metadata, self._report, self._version)
        return NewEvent(self._report, self._version, stored.topic, stored.state, told)


def append(log: Log, mapper: EventMapper, rate: int, seconds: float) -> Times:
    """When each event was committed."""
    committed: Times = {}

    def go(author: Author, first: float) -> None:
        _append(log, author.begin())
        due = first
        while due < first + seconds:
            time.sleep(max(0.0, due - time.monotonic()))
            position = _append(log, author.go_on())
            committed[position] = time.monotonic()
            due += THREADS / rate

    begun = time.monotonic()
    writers = [
        threading.Thread(target=go, args=(Author(mapper), begun + each / rate)) for each in range(THREADS)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    return {at: when for at, when in committed.items() if when > begun + WARM_UP_S}


def _append(log: Log, event: NewEvent) -> int:
    outcome = log.append(Append((event,)))
    if not isinstance(outcome, Appended):
        raise SystemExit(f"not appended: {outcome}")
    return outcome.position


def measure(name: str, url: str, rate: int, seconds: float) -> None:
    """Print the times of one rate on one database."""
    with opened(url) as (databases, _, log, mapper):
        create_tables(databases)
        create(databases.read, PROJECTIONS)
        here, there = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        others = [
            context.Process(target=follow, args=(url,)),
            context.Process(target=look, args=(url, there)),
        ]
        for process in others:
            process.start()
        here.recv()
        committed = append(log, mapper, rate, seconds + WARM_UP_S)
        time.sleep(1.0)
        for process in reversed(others):
            process.terminate()
        seen = here.recv()
        for process in others:
            process.join(30)
    _print(f"{name:10} {rate:5} appends/s asked", committed, seen, seconds)


def _print(what: str, committed: Times, seen: dict[str, Times], seconds: float) -> None:
    shown, bare = (_lags(committed, seen[channel]) for channel in (READ, LOG))
    print(
        f"{what}, {len(committed) / seconds:5.0f} done: to the row p50 {shown[49]:6.1f} ms, "
        f"p99 {shown[98]:6.1f} ms; bare wake-up and read p50 {bare[49]:6.1f} ms, p99 {bare[98]:6.1f} ms; "
        f"ratio p99 {shown[98] / max(bare[98], CLOCK_MS):.1f}"
    )


def _lags(committed: Times, seen: Times) -> Sequence[float]:
    if missing := committed.keys() - seen.keys():
        raise SystemExit(f"{len(missing)} events were never seen")
    return quantiles([max(0.0, seen[at] - when) * 1000 for at, when in committed.items()], n=100)


def main() -> None:
    """Print them for each rate and database."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--seconds", type=float, default=10.0)
    arguments.add_argument("--rates", type=int, nargs="+", default=[200, 1000])
    given = arguments.parse_args()
    with database_urls() as urls:
        for name, url in urls.items():
            for rate in given.rates:
                with TemporaryDirectory(prefix="countersign-lag-") as folder:
                    measure(name, url or f"sqlite:///{Path(folder)}", rate, given.seconds)


if __name__ == "__main__":
    main()
