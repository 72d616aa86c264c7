"""From what happens to a report to what happens in the world, with every part real."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from io import BytesIO

from docx import Document

from countersign.aggregates.email_status import EmailStatus
from countersign.aggregates.render_order import Kind
from countersign.aggregates.rendering import Rendering, RenderingStatus
from countersign.commands.report.request_changes import RequestChanges
from countersign.workers.effect import State
from countersign.workers.effect_board import EffectBoard
from countersign.workers.kinds import ESCALATE_STAGE, REMIND_APPROVER
from countersign.workers.options import SmtpOptions
from countersign.workers.rendering.renderer import Renderer
from tests.integration.workers.plant import Plant, read, settings
from tests.integration.workers.running import running, wait_until
from tests.integration.workers.scripted_server import Script
from tests.unit.commands.documents.office import Course

Serve = Callable[..., SmtpOptions]


def rendering_of(plant: Plant, kind: Kind) -> Rendering | None:
    for each in plant.events():
        if isinstance(each.event, Rendering.Created) and each.event.kind is kind:
            return plant.get(Rendering, each.stream)
    return None


def is_made(plant: Plant, kind: Kind) -> bool:
    rendering = rendering_of(plant, kind)
    return rendering is not None and rendering.status is RenderingStatus.COMPLETED


def test_an_issued_revision_reaches_the_client_with_its_document(
    plant: Plant, course: Course, script: Script, serve: Serve, renderer: Renderer
) -> None:
    with running(*plant.worker(settings(plant.folder, serve()), renderer)):
        course.submitted()
        wait_until(lambda: is_made(plant, Kind.REVIEW))
        course.approve(1, plant.tom)
        course.approve(2, plant.pia)
        wait_until(lambda: is_made(plant, Kind.FINAL))
        final = rendering_of(plant, Kind.FINAL)
        assert final is not None
        course.issue(final.id)
        wait_until(lambda: len(script.received) == 5)
        wait_until(lambda: [mail.status for mail in plant.mails()] == [EmailStatus.SENT] * 5)

    *_, to_client = script.received
    letter = read(to_client)
    (attached,) = letter.iter_attachments()
    document = attached.get_content()
    assert final.document is not None
    assert sha256(document).hexdigest() == final.document.digest
    assert "Purpose: It works." in Document(BytesIO(document)).paragraphs[0].text
    assert to_client.rcpt_tos == ["Nikos@client.example"]
    assert "Νίκος" in str(letter["To"])
    assert sorted(read(each)["Subject"].split(": ")[1] for each in script.received[:4]) == [
        "approved",
        "stage 1 is approved",
        "your approval is asked for (stage 1)",
        "your approval is asked for (stage 2)",
    ]
    effects = EffectBoard(plant.databases.read).listed()
    timers = {REMIND_APPROVER, ESCALATE_STAGE}  # of stages that were decided long before
    assert {effect.state for effect in effects if effect.kind not in timers} == {State.DONE}


def test_a_request_for_changes_is_told_to_all_who_had_signed(
    plant: Plant, course: Course, script: Script, serve: Serve, renderer: Renderer
) -> None:
    course.submitted()
    course.approve(1, plant.tom)
    command = RequestChanges(
        report_id=course.report_id,
        expected_version=course.report.version,
        stage=2,
        reason="The range is wrong.",
    )
    plant.give(command, plant.pia)

    with running(*plant.worker(settings(plant.folder, serve()), renderer)):
        wait_until(lambda: len(script.received) == 5)

    told = [mail for mail in plant.mails() if mail.purpose == "changes_requested"]
    assert {mail.subject for mail in told} == {plant.eva.account, plant.tom.account}
    assert sum("The range is wrong." in str(read(each)) for each in script.received) == 2
