"""A long story in which anything may happen next: the same steps for the same seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.api_client import ApiClient
from countersign.aggregates.document_number import DocumentNumber
from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.render_order import Kind
from countersign.aggregates.report.recipient import Recipient
from countersign.aggregates.role import Role
from countersign.aggregates.session import Session
from tests.integration.projections.journal import BEGIN, ENGINEER, MANAGER
from tests.integration.projections.story import Story, identity_of

SECTIONS = ("alarms", "digital_inputs", "process_test")
RESULTS = ("", "pass", "fail", "na")


class RandomStory:
    """Each step lets something happen to something that there is."""

    def __init__(self, story: Story, seed: int) -> None:
        self._story = story
        self._random = Random(seed)
        self._reports: list[UUID] = []
        self._signatures: dict[UUID, list[UUID]] = {}
        self._renderings: list[UUID] = []
        self._mails: list[UUID] = []
        self._causes: list[UUID] = []
        self._sessions: list[UUID] = []
        self._clients: list[UUID] = []
        self._steps: tuple[Callable[[], None], ...] = (
            self._report,
            self._saved,
            self._saved,
            self._tested,
            self._submitted,
            self._approved,
            self._sent_back,
            self._issued,
            self._rendering,
            self._rendered,
            self._mail,
            self._mail_moved,
            self._session,
            self._session_moved,
            self._person,
            self._client,
            self._maintenance,
            story.refused,
        )

    def keys(self) -> Iterator[UUID]:
        """The ids of everything that something happened to."""
        yield from (ENGINEER, MANAGER, identity_of(MANAGER))
        for made in (self._reports, self._renderings, self._mails, self._sessions, self._clients):
            yield from made

    def begin(self) -> None:
        """The people, and a report of which the rest can be told."""
        self._story.account(ENGINEER, "Ann", Role.ENGINEER)
        self._story.account(MANAGER, "Max", Role.TECHNICAL_MANAGER)
        self._report()

    def go_on(self) -> None:
        """Let one more thing happen."""
        self._random.choice(self._steps)()

    def _id(self) -> UUID:
        return UUID(int=self._random.getrandbits(128), version=4)

    def _any(self, made: list[UUID]) -> UUID:
        return self._random.choice(made)

    def _report(self) -> None:
        report, number = self._id(), f"SAT-{len(self._reports)}"
        self._story.happen(self._id(), DocumentNumber.Created, number=number, report_id=report)
        self._reports.append(self._story.report(number, report=report))
        self._signatures[report] = []

    def _saved(self) -> None:
        rows: list[dict[str, str]] = [
            {"id": f"r{n}", "result": self._random.choice(RESULTS)} for n in range(3)
        ]
        report, section = self._any(self._reports), self._random.choice(SECTIONS)
        if self._random.random() < 0.3:
            self._story.imported(report, section, rows)
        else:
            ref = "a" * 64 if self._random.random() < 0.2 else None
            self._story.section_saved(report, section, rows, ref)
        self._story.header_changed(report, document_title=("", f"Title {self._random.random()}"))

    def _tested(self) -> None:
        before, after = self._random.choice(RESULTS), self._random.choice(RESULTS)
        row = f"r{self._random.randrange(3)}"
        self._story.tested(self._any(self._reports), self._random.choice(SECTIONS), row, before, after)

    def _submitted(self) -> None:
        report = self._any(self._reports)
        self._story.submitted(report)
        self._causes.append(self._story.stage_opened(report))

    def _approved(self) -> None:
        report = self._any(self._reports)
        self._signatures[report].append(self._story.signed(report, 1, MANAGER))
        self._story.stage_approved(report)
        self._causes.append(self._story.approved(report))

    def _sent_back(self) -> None:
        report = self._any(self._reports)
        if self._random.random() < 0.5:
            self._causes.append(self._story.changes_requested(report, tuple(self._signatures[report])))
        else:
            self._story.withdrawn(report)

    def _issued(self) -> None:
        report = self._any(self._reports)
        to = Recipient(subject=self._id(), name="Nikos", email="nikos@client.example")
        self._causes.append(self._story.issued(report, self._id(), (to,)))

    def _rendering(self) -> None:
        kind = self._random.choice(tuple(Kind))
        self._renderings.append(self._story.rendering(self._any(self._reports), kind, self._id()))

    def _rendered(self) -> None:
        if self._renderings:
            rendering = self._any(self._renderings)
            if self._random.random() < 0.5:
                self._story.rendered(rendering)
            else:
                self._story.rendering_failed(rendering, final=self._random.random() < 0.5)

    def _mail(self) -> None:
        cause = self._any(self._causes) if self._causes and self._random.random() < 0.8 else self._id()
        subject = self._random.choice((MANAGER, identity_of(MANAGER), self._id()))
        self._mails.append(self._story.mail(cause, subject, self._random.choice(tuple(EmailPurpose))))

    def _mail_moved(self) -> None:
        if self._mails:
            mail = self._any(self._mails)
            if self._random.random() < 0.5:
                self._story.mail_sent(mail)
            else:
                self._story.happen(mail, EmailMessage.WentInDoubt, attempt=1, why="the line was cut")

    def _session(self) -> None:
        self._sessions.append(self._id())
        self._story.session(self._sessions[-1], self._random.choice((ENGINEER, MANAGER)))

    def _session_moved(self) -> None:
        if not self._sessions:
            return
        session = self._any(self._sessions)
        if self._random.random() < 0.5:
            self._story.happen(session, Session.Reauthenticated, factors=("password",))
        else:
            self._story.happen(
                self._random.choice((ENGINEER, MANAGER)), Account.SessionsEnded, kept_session=session
            )

    def _person(self) -> None:
        said: dict[str, Any] = {"name": f"Ann {self._random.randrange(9)}"}
        self._story.happen(ENGINEER, Account.ProfileChanged, **said)

    def _client(self) -> None:
        if not self._clients or self._random.random() < 0.5:
            self._clients.append(self._story.api_client(f"program {len(self._clients)}"))
        else:
            self._story.happen(self._any(self._clients), ApiClient.Resumed)

    def _maintenance(self) -> None:
        job = self._id()
        self._story.happen(job, MaintenanceJob.Created, kind="sweep", due_at=BEGIN)
        self._story.happen(job, MaintenanceJob.Completed, result={"swept": "1"})
