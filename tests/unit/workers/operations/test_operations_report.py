"""The report on operations: of which time it is, what it says, and that Word can open it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from docx import Document

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.operations_report import OperationsReport, Period, ReportFile
from countersign.commands.operations_report.note_operations_report import NoteOperationsReport
from countersign.eventstore.databases import Database, DatabaseOptions, Databases
from countersign.projections.building.schema import create
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.health.figure import Figure
from countersign.projections.health.metrics_samples import keep_samples, roll_up
from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.issuer import Issuer
from countersign.workers.mail.planning import Planner
from countersign.workers.operations.document import operations_document
from countersign.workers.operations.findings import Findings, findings
from countersign.workers.operations.making import OperationsReporting
from countersign.workers.operations.sending import SendOperationsReport
from countersign.workers.operations.spans import SpanOfTime, last_whole
from countersign.workers.reactions.send_operations_report import send_operations_report
from countersign.workers.rendering.failures import RendererLost, RenderTimeout
from countersign.workers.rendering.package import refuse_broken_parts
from countersign.workers.rendering.pdf import no_pdf
from tests.unit.commands.people.service import Service

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)  # a Monday
DAY = SpanOfTime(
    Period.DAILY, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC), timedelta(hours=1)
)


@pytest.fixture
def read(tmp_path: Path) -> Iterator[Database]:
    databases = Databases(DatabaseOptions(url=f"sqlite:///{tmp_path}"))
    databases.create()
    create(databases.read, PROJECTIONS)
    yield databases.read
    databases.close()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    running = Service(tmp_path)
    yield running
    running.close()


def kept(read: Database) -> Findings:
    for hour in range(4):
        figures = [
            Figure("component_well", float(hour != 3), {"component": "smtp"}),
            Figure("queue_waiting", 3.0 * hour, {"queue": "mail"}),
            Figure("queue_waiting", 1.0, {"queue": "rendering"}),
            Figure("effects_done", 100.0 + 10 * hour, {"queue": "mail", "outcome": "done"}),
            Figure("effects_seconds", 7.5 * hour, {"queue": "mail", "outcome": "done"}),
        ]
        keep_samples(read, figures, DAY.begins + timedelta(hours=hour))
    return findings(read, DAY)


def test_each_report_is_of_the_whole_period_that_was_over_last() -> None:
    spans = [last_whole(period, NOW) for period in Period]
    assert [(span.begins.isoformat()[:10], span.ends.isoformat()[:10]) for span in spans] == [
        ("2026-03-01", "2026-03-02"),
        ("2026-02-23", "2026-03-02"),
        ("2026-02-01", "2026-03-01"),
    ]


def test_it_tells_what_was_kept_of_that_time(read: Database) -> None:
    found = kept(read)

    assert [(each.component, each.part, each.looks) for each in found.availability] == [("smtp", 0.75, 4)]
    assert (found.hours_kept, found.hours) == (4, 24)
    (done,) = found.done
    assert (done.queue, done.outcome, done.count, done.mean_s) == ("mail", "done", 30, 0.75)
    (waiting,) = found.drawn
    assert [line.name for line in waiting.lines] == ["mail", "rendering"]
    assert list(waiting.lines[0].values) == [0.0, 3.0, 6.0, 9.0, *[None] * 20]
    assert (waiting.times[0], waiting.times[-1]) == ("00:00", "23:00")


def test_of_an_hour_that_was_rolled_up_the_bad_minutes_count_and_no_more(read: Database) -> None:
    for number in range(12):
        well = Figure("component_well", float(number != 5), {"component": "smtp"})
        keep_samples(read, [well], DAY.begins + number * timedelta(minutes=5))
    roll_up(read, DAY.ends)

    (smtp,) = findings(read, DAY).availability
    assert (smtp.part, smtp.looks) == (11 / 12, 12)


def test_work_that_came_out_so_for_the_first_time_is_counted(read: Database) -> None:
    done, dead = ({"queue": "mail", "outcome": outcome} for outcome in ("done", "dead"))
    keep_samples(read, [Figure("effects_done", 90.0, done)], DAY.begins - timedelta(minutes=5))
    at = DAY.begins + timedelta(hours=1)
    keep_samples(read, [Figure("effects_done", 100.0, done), Figure("effects_done", 1.0, dead)], at)

    assert [(each.outcome, each.count) for each in findings(read, DAY).done] == [("dead", 1), ("done", 10)]


def test_a_restore_that_puts_counts_back_takes_nothing_from_what_was_done(read: Database) -> None:
    label = {"queue": "mail", "outcome": "done"}
    for hour, count in enumerate((100.0, 140.0, 20.0, 25.0)):
        keep_samples(read, [Figure("effects_done", count, label)], DAY.begins + timedelta(hours=hour))

    assert [each.count for each in findings(read, DAY).done] == [45]


def test_the_disks_that_fill_up_are_drawn_in_gib_the_fullest_first(read: Database) -> None:
    figures = [
        Figure("component_figure", free * 2.0**30, {"component": f"disk:{host}", "figure": "free_bytes"})
        for host, free in (("roomy", 80), ("full", 2))
    ]
    keep_samples(read, figures, DAY.begins)

    (disks,) = findings(read, DAY).drawn
    assert [(line.name, line.values[0]) for line in disks.lines] == [("disk:full", 2.0), ("disk:roomy", 80.0)]


def test_word_finds_tables_and_charts_in_it(read: Database) -> None:
    content = operations_document(kept(read))

    refuse_broken_parts(content)
    document = Document(BytesIO(content))
    said = document.paragraphs[2].text
    assert "Figures were kept in 4 of 24 hours." in said
    assert (
        "Work: 30 done, 0 given up; attempts that had to be repeated: 0. Least available: smtp (75.00%)."
        in said
    )
    assert [cell.text for cell in document.tables[-1].rows[1].cells] == ["mail", "done", "30", "0.750 s"]
    charts = [part for part in document.part.package.iter_parts() if "/charts/" in part.partname]
    assert len(charts) == 1
    assert b"<c:v>9</c:v>" in charts[0].blob
    assert operations_document(kept(read)) == content


def test_without_samples_it_says_so(read: Database) -> None:
    document = Document(BytesIO(operations_document(findings(read, DAY))))
    assert document.paragraphs[-1].text == "No samples were kept of this time."


def test_of_a_time_before_the_service_there_is_no_report(service: Service, read: Database) -> None:
    make = OperationsReporting(
        Period.DAILY, read, service.shared.aggregates, service.shared.blobs, service.dispatcher, no_pdf
    )
    assert make(NOW, Course()) == {"report": "none", "made": "nothing was kept of that time"}


def test_it_is_made_once_and_kept_with_its_digest(service: Service, read: Database) -> None:
    kept(read)
    make = OperationsReporting(
        Period.DAILY, read, service.shared.aggregates, service.shared.blobs, service.dispatcher, no_pdf
    )
    first, again = make(NOW, Course()), make(NOW, Course())

    assert again == {"report": first["report"], "made": "before"}
    (made,) = [each.event for each in service.happened() if isinstance(each.event, OperationsReport.Created)]
    (file,) = made.files
    assert (file.format, file.size_bytes) == ("docx", len(service.shared.blobs.get(file.digest)))
    assert first["docx"] == f"{file.size_bytes} bytes"


def test_where_libreoffice_is_there_is_pdf_too(service: Service, read: Database) -> None:
    def to_pdf(docx: bytes, _timeout_s: float) -> bytes:
        return b"%PDF-" + docx[:4]

    keep_samples(read, [Figure("component_well", 1.0, {"component": "smtp"})], NOW - timedelta(days=3))
    make = OperationsReporting(
        Period.WEEKLY, read, service.shared.aggregates, service.shared.blobs, service.dispatcher, to_pdf
    )
    assert make(NOW, Course())["pdf"] == "9 bytes"


@pytest.mark.parametrize("lost", [RenderTimeout("not finished after 120 s"), RendererLost("no PDF")])
def test_a_pdf_that_cannot_be_made_does_not_cost_the_report(
    service: Service, read: Database, lost: Exception
) -> None:
    def to_pdf(_docx: bytes, _timeout_s: float) -> bytes:
        raise lost

    kept(read)
    make = OperationsReporting(
        Period.DAILY, read, service.shared.aggregates, service.shared.blobs, service.dispatcher, to_pdf
    )
    assert make(NOW, Course())["pdf"] == f"not made: {lost}"
    (made,) = [each.event for each in service.happened() if isinstance(each.event, OperationsReport.Created)]
    assert [file.format for file in made.files] == ["docx"]


@pytest.mark.parametrize(("mailed", "letters"), [(("daily",), 1), (("weekly",), 0)])
def test_operators_get_those_that_they_want(service: Service, mailed: tuple[str, ...], letters: int) -> None:
    administrator = service.bootstrap()
    files = (ReportFile("docx", "ab" * 32, 7),)
    command = NoteOperationsReport(period=Period.DAILY, begins=DAY.begins, ends=DAY.ends, files=files)
    service.give(command)
    service.give(command)
    planner = Planner(service.shared.aggregates, Issuer(service.dispatcher))
    duty = SendOperationsReport(service.shared.aggregates, planner, mailed)
    for happened in service.happened():
        for want in send_operations_report(happened):
            duty.perform(
                Effect(
                    id=uuid4(),
                    queue=want.queue,
                    kind=want.kind,
                    reaction="send_operations_report",
                    cause=happened.event_id,
                    position=happened.position,
                    correlation="trail",
                    payload=want.payload,
                    holder="worker",
                    fence=1,
                    attempts=0,
                    crashes=0,
                ),
                Course(),
            )
    mails = [each.event for each in service.happened() if isinstance(each.event, EmailMessage.Created)]
    assert len(mails) == letters
    for mail in mails:
        assert (mail.subject, mail.purpose) == (administrator, EmailPurpose.OPERATIONS_REPORT)
        assert [each.filename for each in mail.attachments] == ["operations-daily-2026-03-01.docx"]
