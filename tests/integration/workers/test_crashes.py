"""Worker processes killed in the middle of their work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.email_message import EmailMessage, email_id
from countersign.aggregates.email_status import EmailStatus
from countersign.aggregates.render_order import Kind
from countersign.aggregates.rendering import Rendering, RenderingStatus
from countersign.commands.email.queue_email import QueueEmail
from countersign.commands.template.install_template import InstallTemplate
from countersign.workers.options import SmtpOptions
from tests.integration.workers.plant import Plant, a_template
from tests.integration.workers.running import wait_until
from tests.integration.workers.scripted_server import Script
from tests.integration.workers.worker_process import worker_process
from tests.unit.commands.documents.office import Course

pytestmark = pytest.mark.slow
Serve = Callable[..., SmtpOptions]
FACTS = {
    "report_id": str(UUID(int=1)),
    "document_number": "SAT-001",
    "title": "Pumps",
    "revision": "R0",
    "project_reference": "P-7",
    "client_name": "Water",
    "content_digest": "ab" * 32,
}
LETTERS = "{% for a in purpose.text %}"
SLOW = f"{LETTERS * 5}{'{% endfor %}' * 5}Made."


def queue_mail(plant: Plant) -> UUID:
    cause, subject, purpose = uuid4(), uuid4(), EmailPurpose.REVISION_APPROVED
    plant.give(
        QueueEmail(purpose=purpose, cause=cause, subject=subject, name="Ada", to="a@example.com", facts=FACTS)
    )
    return email_id(cause, subject, purpose)


def topics(plant: Plant, stream: UUID) -> list[str]:
    return [each.topic for each in plant.events() if each.stream == stream]


def test_a_worker_killed_while_the_server_has_the_mail_leaves_it_in_doubt(
    plant: Plant, script: Script, serve: Serve, database_url: str
) -> None:
    script.silent = "after the final dot"
    smtp = serve()
    mail = queue_mail(plant)
    with worker_process(database_url, smtp, "killed") as process:
        wait_until(lambda: script.received, within_s=20)
        process.kill()
        process.wait()
    assert plant.get(EmailMessage, mail).status is EmailStatus.SENDING
    script.silent = ""

    with worker_process(database_url, smtp, "heir"):
        wait_until(lambda: plant.get(EmailMessage, mail).status is EmailStatus.IN_DOUBT, within_s=20)
        other = queue_mail(plant)
        wait_until(lambda: plant.get(EmailMessage, other).status is EmailStatus.SENT, within_s=20)

    assert topics(plant, mail) == ["email.queued", "email.attempted", "email.went_in_doubt"]
    assert len(script.received) == 2


def test_a_worker_killed_in_a_rendering_is_replaced_and_the_document_made_once(
    plant: Plant, course: Course, script: Script, serve: Serve, database_url: str
) -> None:
    plant.give(InstallTemplate(slug="mini", name="Slow", report_type="MINI", content=a_template(SLOW)))
    course.complete()
    smtp = serve()
    rendering = course.order(Kind.DRAFT)
    with worker_process(database_url, smtp, "killed") as process:
        wait_until(lambda: plant.get(Rendering, rendering).status is RenderingStatus.RUNNING, within_s=20)
        process.kill()
        process.wait()
    assert plant.get(Rendering, rendering).status is RenderingStatus.RUNNING

    with worker_process(database_url, smtp, "heir"):
        wait_until(lambda: plant.get(Rendering, rendering).status is RenderingStatus.COMPLETED, within_s=30)

    assert topics(plant, rendering) == [
        "rendering.requested",
        "rendering.started",
        "rendering.started",
        "rendering.completed",
    ]


def test_two_worker_processes_do_everything_once(
    plant: Plant, script: Script, serve: Serve, database_url: str
) -> None:
    smtp = serve()
    courses = [Course(plant) for _ in range(4)]
    with worker_process(database_url, smtp, "one"), worker_process(database_url, smtp, "two"):
        for course in courses:
            course.approved()
        wait_until(lambda: Counter(plant.topics())["email.sent"] == 16, within_s=30)
        wait_until(lambda: Counter(plant.topics())["rendering.completed"] == 8, within_s=30)

    happened = Counter(plant.topics())
    assert happened["rendering.requested"] == happened["rendering.started"] == 8
    assert happened["email.queued"] == happened["email.attempted"] == len(script.received) == 16
