"""How long readers and writers notice that a read table is exchanged for another build of it.

    python -m bench.cut_over [--reports 20000] [--cut-overs 20]

Under load: a runner follows, reports are created, four readers ask for the register and for its position.
Told are the transaction of a cut-over, the longest query, and the longest time for which the position that
can be read stood still, each beside the same without cut-overs.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, sleep
from typing import Any
from uuid import UUID, uuid4

from bench.databases import database_urls
from countersign.aggregates.read_model_builds import Promote
from countersign.aggregates.report.report import Report
from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.leases import Leases
from countersign.eventstore.log import Append, NewEvent
from countersign.eventstore.metadata import Metadata
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_store import StoreOptions, create_tables, open_store
from countersign.eventstore.open_wakeups import open_wakeups
from countersign.projections.building import builds
from countersign.projections.building.builder import Builder, Options
from countersign.projections.building.builds import Status
from countersign.projections.building.cut_over import cut_over
from countersign.projections.building.schema import create
from countersign.projections.building.side_by_side import Feed
from countersign.projections.catalogue import projection_named
from countersign.projections.following.freshness import Freshness
from countersign.projections.following.runner import Options as Pace
from countersign.projections.following.runner import Runner
from countersign.projections.reports.report_register_queries import reports

REGISTER = projection_named("report_register")
KEYS = StoreOptions(master_key=b"m" * 32, lookup_key=b"l" * 32)
OWNER = UUID(int=1)


@dataclass
class Noticed:
    """In seconds."""

    queries: list[float] = field(default_factory=list)
    still: list[float] = field(default_factory=list)
    cut_overs: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        return "  ".join(
            f"{name} {max(values) * 1000:6.1f} ms" for name, values in vars(self).items() if values
        )


class Bench:
    """One installation with a register that two builds keep."""

    def __init__(self, url: str, count: int) -> None:
        self.databases = Databases(DatabaseOptions(url=url))
        create_tables(self.databases)
        self.read = self.databases.read
        self.wakeups = open_wakeups(self.databases)
        self.log = open_log(self.databases, self.wakeups)
        self.mapper = open_store(self.databases, self.log, (Report,), KEYS).mapper
        self.feed = Feed(self.log, self.mapper.happened, 5_000, 1_000)
        self.freshness = Freshness(self.read, self.log, self.wakeups, [REGISTER])
        for _ in range(count // 500):
            self.log.append(Append(tuple(self._created() for _ in range(500))))
        create(self.read, [REGISTER])
        decode, leases = self.mapper.happened, Leases(self.read)
        pace = Pace(batch_size=2_000, lease_ttl_s=3)
        self.runner = Runner(self.log, decode, self.read, leases, self.wakeups, [REGISTER], "bench", pace)

    def _created(self) -> NewEvent:
        about: dict[str, Any] = {"project_reference": "P", "client_name": "C", "owner": OWNER, "header": {}}
        number = {
            "document_number": str(uuid4()),
            "title": "Pumps",
            "report_type": "SAT",
            "type_version": 1,
            "revision": "R0",
        }
        event = Report.Created(
            originator_id=uuid4(),
            originator_version=1,
            originator_topic="report",
            timestamp=datetime.now(UTC),
            **number,
            **about,
        )
        stored, stream = self.mapper.to_stored_event(event), event.originator_id
        metadata = Metadata(actor=OWNER, correlation="bench", command="CreateReport", command_key=str(stream))
        return NewEvent(
            stream, 1, stored.topic, stored.state, self.mapper.encode_metadata(metadata, stream, 1)
        )

    def build_another(self) -> None:
        """Make the second build, and let the runner take it up."""
        with self.read.write() as connection:
            order = {"status": Status.BUILDING, "promote": Promote.NEVER}
            builds.add(connection, REGISTER.name, REGISTER.version, 1, **order)
        options = Options(handover_s=0)
        Builder(
            self.log, self.mapper.happened, self.read, [REGISTER], "bench", lambda _: None, options
        ).bring(REGISTER.name, 2)

    @contextmanager
    def under_load(self, noticed: Noticed) -> Iterator[None]:
        """Readers and a writer, until the end."""
        parts = [self._write, self._watch, *[self._ask] * 3]
        with _running(*(lambda stop, part=part: part(stop, noticed) for part in parts)):
            yield

    def _write(self, stop: threading.Event, _noticed: Noticed) -> None:
        while not stop.wait(0.01):
            self.log.append(Append((self._created(),)))

    def _ask(self, stop: threading.Event, noticed: Noticed) -> None:
        while not stop.is_set():
            begun = perf_counter()
            reports(self.read, limit=20)
            noticed.queries.append(perf_counter() - begun)

    def _watch(self, stop: threading.Event, noticed: Noticed) -> None:
        position, since = 0, perf_counter()
        while not stop.is_set():
            if (now_at := self.freshness.as_of(REGISTER.name)) != position:
                noticed.still.append(perf_counter() - since)
                position, since = now_at, perf_counter()

    def exchange(self, times: int, noticed: Noticed) -> None:
        """Show the one and the other build by turns."""
        for turn in range(times):
            with self.read.read() as connection:
                other = builds.load(connection, [REGISTER.name])[1 - turn % 2]
            begun = perf_counter()
            cut_over(self.read, self.feed, REGISTER, other, keep_h=1)
            noticed.cut_overs.append(perf_counter() - begun)
            sleep(0.2)


@contextmanager
def _running(*parts: Callable[[threading.Event], object]) -> Iterator[None]:
    stop = threading.Event()
    with ThreadPoolExecutor(len(parts)) as threads:
        running = [threads.submit(part, stop) for part in parts]
        try:
            yield
        finally:
            stop.set()
    for part in running:
        part.result()


def measure(name: str, url: str, count: int, times: int) -> None:
    bench = Bench(url, count)
    quiet, exchanged = Noticed(), Noticed()
    with _running(bench.runner.run):
        bench.freshness.wait_for(bench.log.head(), 600)
        bench.build_another()
        sleep(3)  # until the runner's next heartbeat
        with bench.under_load(quiet):
            sleep(0.2 * times)
        with bench.under_load(exchanged):
            bench.exchange(times, exchanged)
    bench.wakeups.close()
    bench.databases.close()
    print(f"{name:10}  longest of each: {exchanged}\n{'':10}  without cut-overs: {quiet}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--reports", type=int, default=20_000)
    arguments.add_argument("--cut-overs", type=int, default=20)
    chosen = arguments.parse_args()
    with database_urls() as urls, tempfile.TemporaryDirectory() as folder:
        for name, url in urls.items():
            place = url or f"sqlite:///{Path(folder) / 'databases'}"
            measure(name, place, chosen.reports, chosen.cut_overs)


if __name__ == "__main__":
    main()
