"""The whole job over HTTP, by the processes that production runs: it leaves behind what was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
import yaml
from docx import Document
from docx.document import Document as WordDocument

from countersign.aggregates.report.report import Report
from countersign.cli.demo.sample import load_sample
from countersign.cli.init import CATALOGUE
from tests.e2e.conftest import Demo
from tests.e2e.finished_job import FinishedJob, all_events
from tests.e2e.outcome import require_good_outcome

PRINTED = {"pass": "PASS", "fail": "FAIL", "na": "N/A", "not_tested": "Not tested"}


@pytest.fixture
def document(finished_job: FinishedJob) -> WordDocument:
    return Document(str(finished_job.document))


def test_the_job_is_done_once_and_nothing_is_in_doubt(finished_job: FinishedJob) -> None:
    assert require_good_outcome(finished_job) == []


def test_every_row_of_the_sample_is_in_the_issued_document(document: WordDocument) -> None:
    printed = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    for head, rows in expected_tables():
        assert [head, *rows] in printed, head


def test_header_and_texts_of_the_sample_are_in_the_issued_document(document: WordDocument) -> None:
    sample, text = load_sample(), "\n".join(words(document))
    for value in (
        *sample.header.values(),
        sample.sections["purpose"]["text"],
        sample.sections["scope"]["text"],
    ):
        for line in filter(None, value.splitlines()):
            assert line in text


def test_every_signature_is_in_the_issued_document(document: WordDocument) -> None:
    text = "\n".join(words(document))
    for name, meaning in (
        ("Eleni Markaki", "authorship"),
        ("Tomáš Dvořák", "technical approval"),
        ("Пётр Орлов", "approval for issue"),
    ):
        assert name in text
        assert meaning in text.casefold()


def test_the_client_gets_the_document_that_was_issued(finished_job: FinishedJob) -> None:
    client = finished_job.address("nikos.papadakis")
    (letter,) = (each for each in finished_job.mails if client in str(each["To"]))
    (attached,) = letter.iter_attachments()
    content = attached.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert sha256(content).digest() == sha256(finished_job.document.read_bytes()).digest()
    assert finished_job.document.stem.replace("_", "-") in str(attached.get_filename())


def test_the_same_persons_act_in_the_log_as_in_the_story(finished_job: FinishedJob) -> None:
    with finished_job.opened() as base:
        events = all_events(base)
    own = (each.event for each in events if each.stream == finished_job.report_id)
    signers = [event.printed_name for event in own if isinstance(event, Report.SignatureApplied)]
    assert signers == ["Eleni Markaki", "Eleni Markaki", "Tomáš Dvořák", "Пётр Орлов"]


def test_a_finished_demo_that_is_run_again_changes_nothing(finished_job: FinishedJob, demo: Demo) -> None:
    with finished_job.opened() as base:
        before = report_versions(base)
    letters = len(finished_job.mails)
    said = demo(finished_job.folder.path, "--exit").finish()
    with finished_job.opened() as base:
        assert report_versions(base) == before
    assert len(finished_job.mails) == letters
    assert "timeline KAL-PS1-SAT-001" in said


def report_versions(base: Any) -> dict[Any, int]:
    """How far each stream has come, but for log-ins and periodic work."""
    return {
        each.stream: each.version
        for each in all_events(base)
        if not each.topic.startswith(("session.", "maintenance.", "periodic_work."))
    }


def words(document: WordDocument) -> Iterator[str]:
    yield from (paragraph.text for paragraph in document.paragraphs)
    for table in document.tables:
        yield from (cell.text for row in table.rows for cell in row.cells)


def expected_tables() -> Iterator[tuple[list[str], list[list[str]]]]:
    definition = yaml.safe_load((CATALOGUE / "sat.yaml").read_text(encoding="utf-8"))
    sections = load_sample().sections
    for section in definition["sections"]:
        if section["kind"] == "rows":
            columns = section["columns"]
            rows = [[shown(row, column) for column in columns] for row in sections[section["key"]]]
            yield [column["title"] for column in columns], rows


def shown(row: dict[str, str], column: dict[str, Any]) -> str:
    value = row[column["key"]]
    return PRINTED[value] if column["type"] == "result" else value
