"""How fast reports are found, beside the database reading every text with LIKE.

    python -m bench.search [--reports 1000] [--rounds 20]

Of each report there are a header, a purpose, 40 signals and 5 addresses. Each round asks every question by
`search` (ranked, counted, with passages), by the scan (which only counts the reports and gives twenty) and by
`suggest`, the quick search. The time to build the texts is told, too.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles
from time import perf_counter
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from bench.databases import database_urls
from countersign.aggregates.report.report import Report
from countersign.aggregates.root import Root
from countersign.aggregates.sought import Sought
from countersign.eventstore.databases import Database, DatabaseOptions, Databases
from countersign.eventstore.leases import Leases
from countersign.eventstore.log import Append, Log, NewEvent
from countersign.eventstore.mapper import EventMapper
from countersign.eventstore.metadata import Metadata
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_store import StoreOptions, create_tables, open_store
from countersign.eventstore.wakeups import NoWakeups
from countersign.projections.building.schema import create
from countersign.projections.catalogue import projection_named
from countersign.projections.following.runner import Options, Runner
from countersign.projections.projection import view_of
from countersign.projections.search.report_search import texts
from countersign.projections.search.report_search_queries import search, suggestions

ACTOR = UUID(int=1)
BEGIN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
KEYS = StoreOptions(master_key=b"m" * 32, lookup_key=b"l" * 32)
PROJECTIONS = [projection_named("report_search"), projection_named("report_register")]
WORDS = [
    f"{a}{b}" for a in ("pump", "valve", "tank", "flow", "level", "inlet") for b in ("", "ing", "er", "s")
]
RARE = [
    f"{a}{b}{c}"
    for a in "bcdfgklmnprst"
    for b in ("ar", "el", "is", "on")
    for c in ("dek", "fom", "gul", "tis")
]
QUESTIONS: Final = {
    "a number": "SAT-2026-00042",
    "part of a number": "26-0004",
    "a tag of many": "AI_1_3_07",
    "a tag of one": "UNIQUE_42_7",
    "an address": "10.0.42.3",
    "a rare word": "baristis",
    "a word of all": "transmitter",
    "part of a word": "ransmi",
    "two words": "pumping 10.0.42",
}


def main() -> None:
    """Print a table for each database."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reports", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=20)
    asked = parser.parse_args()
    with database_urls() as urls:
        for name, url in urls.items():
            with tempfile.TemporaryDirectory(prefix="cs-") as folder:
                _measure(name, url or f"sqlite:///{folder}", asked.reports, asked.rounds)


def _measure(name: str, url: str, reports: int, rounds: int) -> None:
    databases = Databases(DatabaseOptions(url=url, statement_timeout_ms=0))
    create_tables(databases)
    create(databases.read, PROJECTIONS)
    built_s, events = _fill(databases, reports)
    print(f"{name}: {reports} reports, {events} events folded and indexed in {built_s:.1f} s")
    took = _ask(databases.read, rounds)
    print(f"  {'':18} {'search p50':>11} {'p95':>8} {'scan p50':>11} {'p95':>8} {'ratio':>7} {'suggest':>10}")
    for question in QUESTIONS:
        found, scanned, suggested = (took[question, way] for way in ("search", "scan", "suggest"))
        print(
            f"  {question:18} {median(found):9.1f}ms {_p95(found):6.1f}ms {median(scanned):9.1f}ms "
            f"{_p95(scanned):6.1f}ms {median(scanned) / median(found):6.1f}x {median(suggested):8.1f}ms"
        )
    databases.close()


def _ask(read: Database, rounds: int) -> dict[tuple[str, str], list[float]]:
    took: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    ways: dict[str, Callable[[str], Any]] = {
        "search": lambda text: search(read, Sought(text=text)),
        "scan": lambda text: _scan(read, text),
        "suggest": lambda text: suggestions(read, text),
    }
    for _ in range(rounds):
        for question, text in QUESTIONS.items():
            for way, ask in ways.items():
                began = perf_counter()
                ask(text)
                took[question, way].append(1_000 * (perf_counter() - began))
    return took


def _scan(read: Database, text: str) -> None:
    view = view_of(texts)
    query = select(view.c.report_id, func.count().over())
    for word in text.split():
        query = query.where(
            view.c.report_id.in_(select(view.c.report_id).where(view.c.text.ilike(f"%{word}%")))
        )
    with read.read() as connection:
        connection.execute(query.group_by(view.c.report_id).limit(20)).all()


def _fill(databases: Databases, reports: int) -> tuple[float, int]:
    log = open_log(databases, NoWakeups(""))
    store = open_store(databases, log, (Report,), KEYS)
    _append(log, store.mapper, reports)
    leases = Leases(databases.read)
    options = Options(batch_size=1_000, lease_ttl_s=600.0)
    runner = Runner(
        log, store.mapper.happened, databases.read, leases, NoWakeups(""), PROJECTIONS, "bench", options
    )
    began = perf_counter()
    runner.catch_up()
    return perf_counter() - began, log.head()


def _append(log: Log, mapper: EventMapper, reports: int) -> None:
    chance = random.Random(7)
    for number in range(reports):
        events = list(_life(UUID(int=number + 10), number, chance))
        log.append(Append(tuple(_encoded(event, mapper) for event in events)))


def _life(report: UUID, number: int, chance: random.Random) -> Iterator[Root.Event]:
    title = f"{chance.choice(WORDS)} {chance.choice(WORDS)} {chance.choice(RARE)}"
    name = f"SAT-2026-{number:05}"
    yield _made(
        Report.Created,
        report,
        1,
        originator_topic="report",
        header={"document_title": title, "document_reference": name, "prepared_by": chance.choice(RARE)},
        project_reference=f"P-{number % 50}",
        client_name=f"Client {number % 20}",
        owner=ACTOR,
        report_type="SAT",
        type_version=1,
        document_number=name,
        title=title,
        revision="R0",
    )
    kept = {"revision": "R0", "content_ref": None, "row_count": 0, "changed_paths": (), "digest": "d" * 64}
    for version, (section, content) in enumerate(_sections(number, chance), 2):
        yield _made(Report.SectionSaved, report, version, section=section, content=content, **kept)


def _made(event: type[Root.Event], report: UUID, version: int, **fields: Any) -> Root.Event:
    at = BEGIN + timedelta(minutes=report.int)
    return event(originator_id=report, originator_version=version, timestamp=at, **fields)


def _sections(number: int, chance: random.Random) -> Iterator[tuple[str, Any]]:
    said = " ".join(chance.choice(WORDS if chance.random() < 0.9 else RARE) for _ in range(150))
    yield "purpose", {"text": said}
    yield (
        "analogue_inputs",
        [
            {
                "id": f"r{row}",
                "rack": "1",
                "tag": f"UNIQUE_{number}_{row}" if row < 8 else f"AI_1_{row // 8}_{row % 8:02}",
                "description": f"{chance.choice(WORDS)} transmitter 4-20 mA {chance.choice(RARE)}",
                "result": "pass",
                "verified_by": "Ann Author",
                "comment": chance.choice(WORDS) if chance.random() < 0.2 else "",
            }
            for row in range(40)
        ],
    )
    ips = [
        {
            "id": f"{row}",
            "device_name": f"PLC-{row}",
            "ip_address": f"10.{number // 256}.{number % 256}.{row}",
        }
        for row in range(5)
    ]
    yield "ip_records", ips


def _encoded(event: Root.Event, mapper: EventMapper) -> NewEvent:
    stored = mapper.to_stored_event(event)
    stream, version = event.originator_id, event.originator_version
    metadata = Metadata(actor=ACTOR, correlation="bench", command="Bench", command_key=str(version))
    return NewEvent(
        stream, version, stored.topic, stored.state, mapper.encode_metadata(metadata, stream, version)
    )


def _p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()
