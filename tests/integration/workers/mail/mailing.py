"""A mail of no report in particular, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.email_message import EmailMessage, email_id
from countersign.aggregates.email_status import EmailStatus
from countersign.commands.email.queue_email import QueueEmail
from countersign.workers.options import SmtpOptions
from countersign.workers.rendering.renderer import Renderer
from tests.integration.workers.plant import Plant, settings
from tests.integration.workers.running import running, wait_until

FACTS = {
    "report_id": str(UUID(int=1)),
    "document_number": "SAT-001",
    "title": "Pumps",
    "revision": "R0",
    "project_reference": "P-7",
    "client_name": "Water",
    "content_digest": "ab" * 32,
}
TOPICS = {
    "attempted": "email.attempted",
    "sent": "email.sent",
    "deferred": "email.deferred",
    "bounced": "email.bounced",
    "doubted": "email.went_in_doubt",
    "dead": "email.dead_lettered",
}


def queue_mail(plant: Plant, to: str = "ada@example.com") -> UUID:
    cause, subject = uuid4(), uuid4()
    plant.give(
        QueueEmail(
            purpose=EmailPurpose.REVISION_APPROVED,
            cause=cause,
            subject=subject,
            name="Ada",
            to=to,
            facts=FACTS,
        )
    )
    return email_id(cause, subject, EmailPurpose.REVISION_APPROVED)


def history(plant: Plant, mail: UUID) -> list[str]:
    names = {topic: name for name, topic in TOPICS.items()}
    return [names[each.topic] for each in plant.events() if each.stream == mail and each.topic in names]


def status(plant: Plant, mail: UUID) -> EmailStatus:
    return plant.get(EmailMessage, mail).status


def deliver_until(
    plant: Plant, smtp: SmtpOptions, idle: Renderer, condition: Callable[[], object], **changes: Any
) -> None:
    options = settings(plant.folder, smtp, **changes)
    with running(*plant.worker(options, idle, only=("reactions", "mail"))):
        wait_until(condition)
