"""How fast the read tables follow the log, beside the database copying the same rows by itself.

    python -m bench.projections [--reports 400] [--rounds 3]

Interleaved in one run: the runner with all projections, the runner with the audit log alone (a row for each
event), and for each the limit, INSERT .. SELECT .. ON CONFLICT of the rows that it had made, into tables with
the same indexes. Events come out of the log, are decoded and folded; fsync is on.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import MetaData, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import quoted_name

from bench.databases import database_urls
from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.render_order import Format, Kind
from countersign.aggregates.rendering import Artifact, Rendering
from countersign.aggregates.report.report import Report
from countersign.aggregates.role import Role
from countersign.aggregates.root import Root, event_id
from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.leases import Leases
from countersign.eventstore.log import Append, Log, NewEvent
from countersign.eventstore.mapper import EventMapper
from countersign.eventstore.metadata import Metadata
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_store import StoreOptions, create_tables, open_store
from countersign.eventstore.wakeups import NoWakeups
from countersign.projections.catalogue import PROJECTIONS, projection_named
from countersign.projections.projection import Projection
from countersign.projections.runner import Options, Runner
from countersign.projections.schema import create, drop

ACTOR = UUID(int=1)
DIGEST = "d" * 64
BEGIN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ROWS = [{"id": str(n), "tag": f"DI_{n}", "description": "Pump running", "result": ""} for n in range(20)]
KEYS = StoreOptions(master_key=b"m" * 32, lookup_key=b"l" * 32)
WHAT = {"all ten": PROJECTIONS, "audit log": (projection_named("audit_log"),)}


class Life:
    """The events of one report from its first draft to its mail."""

    def __init__(self) -> None:
        self._versions: Counter[UUID] = Counter()

    def events(self) -> Iterator[Root.Event]:
        report, rendering, mail = uuid4(), uuid4(), uuid4()
        about = {"project_reference": "P", "client_name": "C", "owner": ACTOR, "revision": "R0", "header": {}}
        number = {"document_number": str(report), "title": "Pumps", "report_type": "SAT", "type_version": 1}
        yield self._made(report, Report.Created, **number, **about)
        for section in ("digital_inputs", "alarms", "process_test"):
            yield self._saved(report, section)
            yield from (self._tested(report, section, row["id"]) for row in ROWS[:10])
        yield self._submitted(report)
        yield self._opened(report)
        cause = event_id(report, self._versions[report])
        yield from self._rendered(report, rendering)
        yield from self._mailed(cause, mail)

    def _saved(self, report: UUID, section: str) -> Root.Event:
        kept = {"row_count": 20, "content": ROWS, "content_ref": None, "changed_paths": ()}
        return self._made(report, Report.SectionSaved, revision="R0", section=section, digest=DIGEST, **kept)

    def _tested(self, report: UUID, section: str, row: str) -> Root.Event:
        said = {
            "previous": "",
            "result": "pass",
            "comment": "",
            "verified_by": "A",
            "measured": "",
            "unit": "",
        }
        where = {"revision": "R0", "section": section, "row_id": row, "digest": DIGEST}
        return self._made(report, Report.TestResultRecorded, **where, **said)

    def _submitted(self, report: UUID) -> Root.Event:
        template = {"template": ACTOR, "template_version": 1, "template_digest": DIGEST}
        frozen = {"content_digest": DIGEST, "section_digests": {}, "stages": (), "gates_passed": ()}
        return self._made(report, Report.RevisionSubmitted, revision="R0", comment="", **template, **frozen)

    def _opened(self, report: UUID) -> Root.Event:
        stage = {"stage": 1, "role": Role.TECHNICAL_MANAGER, "approver": ACTOR, "due_at": BEGIN}
        return self._made(report, Report.StageOpened, revision="R0", **stage)

    def _rendered(self, report: UUID, rendering: UUID) -> Iterator[Root.Event]:
        wanted = {"report_id": report, "revision": "R0", "kind": Kind.REVIEW, "format": Format.DOCX}
        digests = {"input_digest": DIGEST, "content_digest": DIGEST, "template_digest": DIGEST}
        yield self._made(rendering, Rendering.Created, **wanted, **digests, engine_version="1")
        yield self._made(rendering, Rendering.Started, worker="w", attempt=1)
        made = (Artifact(Format.DOCX, DIGEST, 20_000),)
        yield self._made(rendering, Rendering.Completed, artifacts=made, duration_ms=300)

    def _mailed(self, cause: UUID, mail: UUID) -> Iterator[Root.Event]:
        to = {"subject": ACTOR, "name": "Max", "to": "max@example.com"}
        about = {"purpose": EmailPurpose.APPROVAL_REQUEST, "cause": cause, "facts": {}, "attachments": ()}
        yield self._made(mail, EmailMessage.Created, **to, **about, message_id=f"<{mail}>")
        yield self._made(mail, EmailMessage.Attempted, attempt=1, worker="w")
        yield self._made(mail, EmailMessage.Sent, reply_code=250, reply="accepted")

    def _made(self, stream: UUID, event: type[Any], **fields: Any) -> Root.Event:
        self._versions[stream] += 1
        topic: str = event.TOPIC
        if issubclass(event, Root.Created):
            fields["originator_topic"] = topic.partition(".")[0]
        at = BEGIN + timedelta(seconds=self._versions[stream])
        version = self._versions[stream]
        made: Root.Event = event(originator_id=stream, originator_version=version, timestamp=at, **fields)
        return made


def fill(log: Log, mapper: EventMapper, reports: int) -> int:
    """How many events the log has after so many reports, interleaved in groups of ten."""
    for _ in range(reports // 10):
        lives = zip(*(list(Life().events()) for _ in range(10)), strict=True)
        log.append(Append(tuple(encoded(mapper, event) for events in lives for event in events)))
    return log.head()


def encoded(mapper: EventMapper, event: Root.Event) -> NewEvent:
    stored = mapper.to_stored_event(event)
    stream, version = event.originator_id, event.originator_version
    metadata = Metadata(actor=ACTOR, correlation=str(stream), command="SaveSection", command_key=str(stream))
    return NewEvent(
        stream, version, stored.topic, stored.state, mapper.encode_metadata(metadata, stream, version)
    )


def follow(databases: Databases, log: Log, mapper: EventMapper, projections: Sequence[Projection]) -> float:
    """The seconds in which empty tables reach the head of the log."""
    read = databases.read
    create(read, PROJECTIONS)
    drop(read, PROJECTIONS)
    create(read, projections)
    options = Options(batch_size=5_000, lease_ttl_s=60)
    waking = NoWakeups("a benchmark")
    runner = Runner(log, mapper.happened, read, Leases(read), waking, projections, "bench", options)
    begun = perf_counter()
    runner.catch_up()
    took = perf_counter() - begun
    runner.release()
    return took


def copy(databases: Databases, projections: Sequence[Projection]) -> float:
    """The seconds in which the database itself upserts the same rows into tables like these."""
    tables = [table for projection in projections for table in projection.tables]
    beside = {table: table.to_metadata(MetaData(), name=f"copy_{table.name}") for table in tables}
    for copied in beside.values():
        for index in copied.indexes:
            index.name = quoted_name(f"copy_{index.name}", quote=None)
    with databases.read.write() as connection:
        for copied in beside.values():
            copied.drop(connection, checkfirst=True)
            copied.create(connection)
    flavour = postgresql if databases.read.dialect == "postgresql" else sqlite
    begun = perf_counter()
    with databases.read.write() as connection:
        for table, copied in beside.items():
            rows = flavour.insert(copied).from_select(list(table.c.keys()), select(table).where(true()))
            others = {c.name: rows.excluded[c.name] for c in copied.c if not c.primary_key}
            connection.execute(
                rows.on_conflict_do_update(index_elements=list(copied.primary_key), set_=others)
            )
    took = perf_counter() - begun
    with databases.read.write() as connection:
        for copied in beside.values():
            copied.drop(connection)
    return took


def measure(name: str, url: str, reports: int, rounds: int) -> None:
    databases = Databases(DatabaseOptions(url=url, statement_timeout_ms=0))
    create_tables(databases)
    log = open_log(databases, NoWakeups("a benchmark"))
    mapper = open_store(databases, log, (Report, Rendering, EmailMessage), KEYS).mapper
    events = fill(log, mapper, reports)
    took: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for _ in range(rounds):
        for what, projections in WHAT.items():
            took[what, "runner"].append(follow(databases, log, mapper, projections))
            took[what, "limit"].append(copy(databases, projections))
    databases.close()
    for what in WHAT:
        ours, limit = (events / median(took[what, which]) for which in ("runner", "limit"))
        print(f"{name:10}  {what:9}  {ours:9,.0f} events/s  limit {limit:9,.0f}  ratio {ours / limit:.2f}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--reports", type=int, default=400)
    arguments.add_argument("--rounds", type=int, default=3)
    chosen = arguments.parse_args()
    with database_urls() as urls, tempfile.TemporaryDirectory() as folder:
        for name, url in urls.items():
            measure(name, url or f"sqlite:///{Path(folder) / 'databases'}", chosen.reports, chosen.rounds)


if __name__ == "__main__":
    main()
