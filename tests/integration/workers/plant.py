"""An office with everybody who works behind the scenes: reactions, rendering, mail."""

from __future__ import annotations

import time
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage as Mail
from io import BytesIO
from pathlib import Path
from typing import Any, cast

from aiosmtpd.smtp import Envelope
from docx import Document

from countersign.aggregates.api_client import ApiClient
from countersign.aggregates.backup import Backup
from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.inbox import Inbox
from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.periodic_work import PeriodicWork
from countersign.aggregates.saved_search import SavedSearch
from countersign.aggregates.schedule.book import ScheduleBook
from countersign.aggregates.schedule.schedule import Schedule
from countersign.aggregates.suppression import Suppression
from countersign.commands.account.one_time_tokens import OneTimeTokens
from countersign.commands.configuration.flag_reader import FlagReader
from countersign.commands.template.install_template import InstallTemplate
from countersign.eventstore.databases import Databases
from countersign.eventstore.log import Log
from countersign.eventstore.open_store import open_store
from countersign.eventstore.store import EventStore
from countersign.eventstore.wakeups import Wakeups
from countersign.workers.equipment import Surroundings
from countersign.workers.options import (
    ElectionOptions,
    MaintenanceOptions,
    Options,
    QueueOptions,
    ReactionOptions,
    SmtpOptions,
)
from countersign.workers.rendering.limits import Limits
from countersign.workers.rendering.renderer import Renderer
from countersign.workers.together import Part
from countersign.workers.workforce import worker_parts
from tests.integration.workers.running import now
from tests.unit.commands.documents.office import AGGREGATES, STORE, Office

ALL = (
    *AGGREGATES,
    ApiClient,
    Backup,
    EmailMessage,
    Inbox,
    Suppression,
    MaintenanceJob,
    PeriodicWork,
    SavedSearch,
    Schedule,
    ScheduleBook,
)
QUICK = QueueOptions(backoff_base_s=0.05, backoff_cap_s=0.1, lease_s=1.0)


class Plant(Office):
    """The office, with a template that renders, on databases with the tables of the workers."""

    def __init__(self, databases: Databases, log: Log, wakeups: Wakeups, folder: Path) -> None:
        self.wakeups = wakeups
        self.folder = folder
        super().__init__(databases, log)
        self.give(InstallTemplate(slug="mini", name="Small", report_type="MINI", content=a_template()))

    def another_store(self) -> EventStore:
        return open_store(self.databases, self.log, ALL, STORE)

    def surroundings(self, holder: str) -> Surroundings:
        return Surroundings(
            databases=self.databases,
            log=self.log,
            store=self.store,
            dispatcher=self.dispatcher,
            wakeups=self.wakeups,
            flags=FlagReader(self.store.aggregates, {"review_copies": True}, time.monotonic),
            holder=holder,
            clock=now,
            one_time_tokens=OneTimeTokens(b"o" * 32),
        )

    def worker(
        self, options: Options, renderer: Renderer, holder: str = "worker-1", **only: Any
    ) -> tuple[Part, ...]:
        return worker_parts(self.surroundings(holder), options, renderer, Limits(), **only)

    def mails(self) -> list[EmailMessage]:
        created = [each.stream for each in self.events() if isinstance(each.event, EmailMessage.Created)]
        return [self.get(EmailMessage, stream) for stream in created]


def a_template(text: str = "Purpose: {{ purpose.text }}") -> bytes:
    """A Word file with one tag."""
    document, file = Document(), BytesIO()
    document.add_paragraph(text)
    document.save(file)
    return file.getvalue()


def settings(folder: Path, smtp: SmtpOptions, **changes: Any) -> Options:
    return replace(
        Options(
            rendering=QUICK,
            mail=QUICK,
            webhooks=QUICK,
            maintenance=QUICK,
            monitoring=QUICK,
            commands=QUICK,
            smtp=smtp,
            housekeeping=MaintenanceOptions(folder=folder),
            public_url="http://reports.example",
            reactions=ReactionOptions(poll_s=0.2, election=ElectionOptions(lease_s=1.0, heartbeat_s=0.2)),
            effects_poll_s=0.2,
        ),
        **changes,
    )


def read(envelope: Envelope) -> Mail:
    return message_from_bytes(cast("bytes", envelope.content), policy=policy.default)


def said(mail: Mail) -> str:
    """What a mail says in plain text."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
