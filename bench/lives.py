"""The events of reports from their first draft to their mail, as the log stores them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any, Final, cast
from uuid import UUID, uuid4

from countersign.aggregates.artifact import Artifact
from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.render_order import Format, Kind
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.report.report import Report
from countersign.aggregates.role import Role
from countersign.aggregates.root import Root, event_id
from countersign.eventstore.databases import Databases
from countersign.eventstore.mapper import EventMapper
from countersign.eventstore.metadata import Client, Metadata

AGGREGATES: Final = (Report, Rendering, EmailMessage)
ACTORS: Final = [UUID(int=number) for number in range(1, 51)]
ACTOR: Final = ACTORS[0]
DIGEST: Final = "d" * 64
BEGIN: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ROWS: Final = [
    {"id": str(n), "tag": f"DI_{n}", "description": "Pump running", "result": ""} for n in range(20)
]
CLIENT: Final = Client(ip="192.0.2.7", agent="Mozilla/5.0", auth_method="password")


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
        stage = {"stage": 1, "role": Role.TECHNICAL_MANAGER, "approver": ACTOR}
        times = {"due_at": BEGIN, "remind_at": ()}
        return self._made(report, Report.StageOpened, revision="R0", **stage, **times)

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


def fill(databases: Databases, mapper: EventMapper, events: int) -> int:
    """Copy so many events into the empty log of a PostgreSQL, fifty reports at a time; how many it has."""
    position = 0
    with databases.log.write() as connection, closing(connection.connection.cursor()) as cursor:
        while position < events:
            lives = zip(*(list(Life().events()) for _ in ACTORS), strict=True)
            made = [
                (actor, event) for together in lives for actor, event in zip(ACTORS, together, strict=True)
            ]
            lines = (
                _line(mapper, position + n, *each) for n, each in enumerate(made[: events - position], 1)
            )
            cast("Any", cursor).copy_expert("COPY log.events FROM STDIN", StringIO("".join(lines)))
            position = min(events, position + len(made))
    with databases.log.write() as connection:
        connection.exec_driver_sql("ANALYZE log.events")
    return position


def _line(mapper: EventMapper, position: int, actor: UUID, event: Root.Event) -> str:
    stored = mapper.to_stored_event(event)
    stream, version = event.originator_id, event.originator_version
    by = Metadata(
        actor=actor, correlation=str(stream), command="SaveSection", command_key=str(stream), client=CLIENT
    )
    metadata = mapper.encode_metadata(by, stream, version)
    start = f"{position}\t{stream}\t{version}\t{stored.topic}\t{BEGIN.isoformat()}"
    return f"{start}\t\\\\x{stored.state.hex()}\t\\\\x{metadata.hex()}\n"
