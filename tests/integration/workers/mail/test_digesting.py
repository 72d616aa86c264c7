"""The one mail a day, on both databases: put aside, planned by jobs that race, and sent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.inbox import Channel, Inbox, inbox_id
from countersign.commands.email.queue_email import QueueEmail
from countersign.commands.inbox.set_preferences import SetPreferences
from countersign.commands.maintenance.due_maintenance import DueMaintenance
from countersign.workers.course import Course
from countersign.workers.mail.digesting import MailDigest
from countersign.workers.mail.facts import examples
from countersign.workers.rendering.renderer import Renderer
from tests.integration.workers.conftest import Serve
from tests.integration.workers.plant import Plant, read, said, settings
from tests.integration.workers.running import now, running, wait_until
from tests.integration.workers.scripted_server import Script

ALERT = EmailPurpose.HEALTH_ALERT
REMINDER = EmailPurpose.APPROVAL_REMINDER


def put_aside(plant: Plant) -> UUID:
    """Two pieces of news for the technical manager, long ago."""
    person = plant.tom.account
    wishes = SetPreferences(
        channels={ALERT: Channel.DIGEST, REMINDER: Channel.DIGEST}, digest_hour=7, time_zone="Asia/Kolkata"
    )
    plant.give(wishes, plant.tom)
    for purpose in (ALERT, REMINDER):
        plant.give(
            QueueEmail(
                purpose=purpose,
                cause=UUID(int=1),
                subject=person,
                name="Tom",
                to="tom@example.com",
                facts=examples(purpose),
            )
        )
    assert plant.mails() == []
    plant.now = now()
    return person


def test_what_was_put_aside_comes_in_one_mail(plant: Plant, serve: Serve, script: Script) -> None:
    person = put_aside(plant)
    plant.give(DueMaintenance(kind="mail_digest", due_at=now()))

    with running(*plant.worker(settings(plant.folder, serve()), Renderer())):
        wait_until(lambda: script.received)

    (envelope,) = script.received
    assert "2 pieces of news since" in str(read(envelope)["Subject"])
    assert "mail server is not well (open, critical)" in said(read(envelope))
    assert plant.get(Inbox, inbox_id(person)).waiting == ()


def test_jobs_that_race_plan_one_mail(plant: Plant) -> None:
    put_aside(plant)
    jobs = [MailDigest(plant.store.aggregates, plant.dispatcher) for _ in range(4)]
    moment = now()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda job: job(moment, Course()), jobs))

    assert [mail.purpose for mail in plant.mails()] == [EmailPurpose.DIGEST]
    assert plant.topics().count("inbox.digest_planned") == 1
