"""The history of a report is told from the log itself, whatever has become of everything else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete

from countersign.aggregates.document_number import DocumentNumber, document_number_id
from countersign.aggregates.report.recipient import Recipient
from countersign.aggregates.report.report import Report
from countersign.aggregates.role import Role
from countersign.eventstore.context import SYSTEM
from countersign.eventstore.subject_keys import subject_keys
from countersign.projections.building import schema
from countersign.projections.catalogue import PROJECTIONS
from tests.integration.cli.installation import Installation, Said
from tests.integration.projections.journal import ENGINEER, MANAGER
from tests.integration.projections.story import DIGEST, Story

CLIENT = UUID(int=103)


def a_report(story: Story, number: str, title: str = "Pumping station") -> UUID:
    """With its number reserved, as the command does it."""
    report = story.report(number=number, title=title)
    story.happen(document_number_id(number), DocumentNumber.Created, number=number, report_id=report)
    return report


def a_life(story: Story, number: str = "SAT-7") -> UUID:
    """Submitted, sent back, submitted again, approved, rendered, issued and mailed."""
    story.account(ENGINEER, "Ann", Role.ENGINEER)
    story.account(MANAGER, "Max", Role.TECHNICAL_MANAGER)
    report = a_report(story, number, title="Pump [bold]house[/x]")
    story.submitted(report)
    story.stage_opened(report)
    story.changes_requested(report, signatures=(uuid4(),))
    story.submitted(report)
    asked = story.stage_opened(report)
    story.mail_sent(story.mail(asked, MANAGER))
    story.stage_approved(report)
    story.approved(report)
    rendering = story.rendering(report)
    story.rendered(rendering)
    issued = story.issued(report, rendering, (Recipient(CLIENT, "Cleo Client", "cleo@example.com"),))
    story.mail_sent(story.mail(issued, CLIENT, name="Cleo Client"))
    return report


def told(said: Said) -> list[str]:
    return [entry["what"] for entry in said.json["timeline"]]


def topics(said: Said) -> Sequence[Any]:
    return [entry["topic"] for entry in said.json["timeline"]]


def forget(installation: Installation, person: UUID) -> None:
    with installation.opened() as base, base.databases.keys.write() as connection:
        connection.execute(delete(subject_keys).where(subject_keys.c.subject == person))


def test_it_tells_who_did_what_with_meanings_and_digests(installation: Installation) -> None:
    with installation.story() as story:
        a_life(story)
    said = installation.run("timeline", "SAT-7")
    assert (said.status, said.err) == (0, "")
    assert "SAT-7  Pump [bold]house[/x]" in said.out
    assert "Revision R0, issued" in said.out
    lines = said.out.splitlines()
    signed = next(line for line in lines if "approver of stage 1" in line)
    assert "authorship; content dddddddddddd, proved by password" in signed
    assert " Max " in signed
    assert any("1 signature of revision R0 no longer count: changes requested" in line for line in lines)
    assert any("issued (final) to Cleo Client, document ffffffffffff" in line for line in lines)
    assert any("Stage 1 waits for Max (technical manager) until" in line for line in lines)


def test_a_script_gets_every_event_in_order_with_whole_digests(installation: Installation) -> None:
    with installation.story() as story:
        report = a_life(story)
    said = installation.run("timeline", str(report), "--json")
    positions = [entry["position"] for entry in said.json["timeline"]]
    assert positions == sorted(positions)
    assert said.json["report"]["status"] == "issued"
    assert {"rendering.completed", "email.sent", "report.revision_issued"} <= set(topics(said))
    assert topics(said).count("email.queued") == 2
    assert DIGEST in {entry["content_digest"] for entry in said.json["timeline"]}


def test_it_tells_the_same_with_tables_half_built_and_without_any(installation: Installation) -> None:
    with installation.story() as story:
        a_life(story)
        first = installation.run("timeline", "SAT-7", "--json")
        installation.project()
        report = a_report(story, "SAT-8")
        rendering = story.rendering(report)
        behind = installation.run("timeline", "SAT-8", "--json")
        projected = installation.run("timeline", "SAT-7", "--json")
        schema.drop(story.databases.read, PROJECTIONS)
        dropped = installation.run("timeline", "SAT-7", "--json")
    assert first.json == projected.json == dropped.json
    assert str(rendering) in {entry["stream"] for entry in behind.json["timeline"]}


def test_another_reports_documents_and_mails_are_not_in_it(installation: Installation) -> None:
    with installation.story() as story:
        a_life(story, "SAT-7")
        other = a_report(story, "SAT-9")
        story.rendering(other)
    found = topics(installation.run("timeline", "SAT-9", "--json"))
    assert found == ["report.created", "document_number.reserved", "rendering.requested"]


def test_a_number_is_found_however_it_is_written(on_sqlite: Installation) -> None:
    with on_sqlite.story() as story:
        a_report(story, "SAT 7")
    assert on_sqlite.run("timeline", " sat  7").status == 0


def test_an_erased_person_has_no_name(installation: Installation) -> None:
    with installation.story() as story:
        a_life(story)
    forget(installation, ENGINEER)
    forget(installation, CLIENT)
    said = installation.run("timeline", "SAT-7", "--json")
    assert "Ann" not in {entry["who"] for entry in said.json["timeline"]}
    assert "(erased)" in {entry["who"] for entry in said.json["timeline"]}
    assert "Mail to (erased) planned: approval request" in told(said)
    assert not any("Cleo" in each for each in told(said))


def test_as_of_a_version_nothing_later_is_known(installation: Installation) -> None:
    with installation.story() as story:
        report = a_life(story)
    said = installation.run("timeline", str(report), "--as-of-version", "4", "--json")
    assert said.json["report"]["version"] == 4
    assert said.json["report"]["status"] == "in_review"
    assert "email.queued" not in topics(said)


@pytest.mark.parametrize("name", ["SAT-404", "6dc24157-7b81-46af-9621-4079e253d83e"])
def test_an_unknown_report_is_refused(on_sqlite: Installation, name: str) -> None:
    said = on_sqlite.run("timeline", name)
    assert (said.status, said.out) == (1, "")
    assert name in said.err


def test_a_version_that_was_never_reached_is_refused(on_sqlite: Installation) -> None:
    with on_sqlite.story() as story:
        report = story.report()
    said = on_sqlite.run("timeline", str(report), "--as-of-version", "99")
    assert said.status == 1
    assert "ends at version 1, before 99" in said.err


def test_what_the_system_does_is_said_to_be_the_systems(on_sqlite: Installation) -> None:
    with on_sqlite.story() as story:
        report = story.report()
        fallen = {"revision": "R0", "signatures": (), "cause": "clean_up"}
        story.happen(report, Report.ApprovalsInvalidated, SYSTEM, **fallen)
    assert [entry["who"] for entry in on_sqlite.run("timeline", str(report), "--json").json["timeline"]] == [
        str(ENGINEER),
        "system",
    ]


def test_a_copy_of_the_log_and_the_keys_is_enough(on_sqlite: Installation) -> None:
    with on_sqlite.story() as story:
        a_life(story)
    on_sqlite.project()
    before = on_sqlite.run("timeline", "SAT-7", "--json")
    (on_sqlite.folder / "read.db").unlink()
    assert on_sqlite.run("timeline", "SAT-7", "--json").json == before.json


def test_an_event_that_cannot_be_read_is_named(on_sqlite: Installation) -> None:
    with on_sqlite.story() as story:
        report = story.report()
        story.submitted(report)
    with on_sqlite.opened() as base, base.databases.log.write() as connection:
        newer = "UPDATE events SET topic = 'report.teleported' WHERE topic = 'report.revision_submitted'"
        connection.exec_driver_sql(newer)
    said = on_sqlite.run("timeline", str(report))
    assert said.status == 1
    assert "report.teleported" in said.err


def test_without_a_log_it_says_where_to_look(nothing: Installation) -> None:
    said = nothing.run("timeline", "SAT-1")
    assert said.status in {1, 2}
    assert "countersign init" in said.err
    assert not nothing.folder.exists()
