"""An office at work: the command side on a real log, people with sessions, and a report on its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from countersign.aggregates.account import Account
from countersign.aggregates.artifact import Artifact
from countersign.aggregates.document_number import DocumentNumber
from countersign.aggregates.render_order import Format, Kind
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.report.report import IssueStatus, Report
from countersign.aggregates.report_type import ReportType
from countersign.aggregates.retention_policy import RetentionPolicy
from countersign.aggregates.role import Role
from countersign.aggregates.root import Root
from countersign.aggregates.roster import Roster
from countersign.aggregates.session import Session
from countersign.aggregates.template import Template
from countersign.commands.catalogue import handlers
from countersign.commands.dispatch import Dispatcher
from countersign.commands.options import Options
from countersign.commands.rendering.complete_rendering import CompleteRendering
from countersign.commands.rendering.request_rendering import RequestRendering
from countersign.commands.rendering.start_rendering import StartRendering
from countersign.commands.report.approve_stage import ApproveStage
from countersign.commands.report.assign_approver import AssignApprover
from countersign.commands.report.create_report import CreateReport
from countersign.commands.report.issue_revision import Addressed, IssueRevision
from countersign.commands.report.save_section import SaveSection
from countersign.commands.report.submit_for_review import SubmitForReview
from countersign.commands.report_type.define_report_type import DefineReportType
from countersign.commands.template.install_template import InstallTemplate
from countersign.eventstore.context import SYSTEM, Context
from countersign.eventstore.databases import Databases
from countersign.eventstore.log import Log
from countersign.eventstore.mapper import Happened
from countersign.eventstore.open_store import StoreOptions, open_store
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import EventStore, Store
from tests.unit.aggregates.report.given import HEADER, SIGNALS, SPELLED

AGGREGATES = (
    Account,
    DocumentNumber,
    Rendering,
    Report,
    ReportType,
    RetentionPolicy,
    Roster,
    Session,
    Template,
)
STORE = StoreOptions(master_key=b"m" * 32, lookup_key=b"l" * 32, snapshot_every=10)
CLIENT = Addressed(name="Νίκος", email="Nikos@Client.example")
A = TypeVar("A", bound=Root)


@dataclass(frozen=True)
class Person:
    account: UUID
    session: UUID | None


THE_SYSTEM = Person(SYSTEM, None)


class Office:
    """Commands are given in the name of a person; time stands still until a test moves it.

    The databases have the tables of the store.
    """

    def __init__(self, databases: Databases, log: Log) -> None:
        self.now = datetime(2026, 3, 18, 8, 0, tzinfo=UTC)
        self.databases = databases
        self.log = log
        self.store = self.another_store()
        self.dispatcher = Dispatcher(
            handlers(
                Options(
                    refresh_key=b"r" * 32,
                    api_key_secret=b"a" * 32,
                    one_time_key=b"o" * 32,
                    second_factor_key=b"f" * 32,
                )
            ),
            self.store,
            log,
            lambda: self.now,
        )
        self._move_in()

    def another_store(self) -> EventStore:
        return open_store(self.databases, self.log, AGGREGATES, STORE)

    def give(self, command: object, person: Person = THE_SYSTEM, key: str | None = None) -> Receipt:
        return self.dispatcher.dispatch(command, self._context(person, key))

    def find(self, cls: type[A], stream: UUID) -> A | None:
        return self.store.aggregates.find(cls, stream)

    def get(self, cls: type[A], stream: UUID) -> A:
        found = self.find(cls, stream)
        assert found is not None
        return found

    def events(self, after: int = 0) -> list[Happened]:
        return [self.store.mapper.happened(each) for each in self.log.read(after, 10_000)]

    def topics(self, after: int = 0) -> list[str]:
        return [happened.topic for happened in self.events(after)]

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def move_to(self, moment: datetime) -> None:
        """It is that time, and everybody has signed in again for a long while."""
        self.now = moment
        for name, person in vars(self).copy().items():
            if isinstance(person, Person):
                session = Session.start(
                    uuid4(), moment, person.account, ("password",), idle_s=9_000_000, absolute_s=9_000_000
                )
                self._store(THE_SYSTEM).save(session)
                setattr(self, name, Person(person.account, session.id))

    def prove_identity(self, person: Person) -> None:
        assert person.session is not None
        session = self.get(Session, person.session)
        session.reauthenticate(self.now, ("password",))
        self._store(person).save(session)

    def change_role(self, person: Person, role: Role) -> None:
        account = self.get(Account, person.account)
        account.change_role(self.now, role)
        self._store(THE_SYSTEM).save(account)

    def report(self, report_id: UUID) -> Report:
        return self.get(Report, report_id)

    def version(self, report_id: UUID) -> int:
        return self.report(report_id).version

    def _move_in(self) -> None:
        roster = Roster.open(self.now)
        people = {role: self._engage(role, roster) for role in Role}
        self.eva, self.tom = people[Role.ENGINEER], people[Role.TECHNICAL_MANAGER]
        self.pia, self.ada = people[Role.PROJECT_MANAGER], people[Role.ADMINISTRATOR]
        self.olga, self.vera = people[Role.OPERATOR], people[Role.AUDITOR]
        self.dora = people[Role.DOCUMENT_CONTROLLER]
        self.otto = self._engage(Role.TECHNICAL_MANAGER, roster)
        self._store(THE_SYSTEM).save(roster)
        self.give(DefineReportType(definition=SPELLED))
        self.give(InstallTemplate(slug="mini", name="Small", report_type="MINI", content=b"a Word file"))

    def _engage(self, role: Role, roster: Roster) -> Person:
        account = Account.register(
            uuid4(),
            self.now,
            name=f"{role.title()} <{uuid4().hex[:4]}> & Co",
            email="somebody@example.com",
            email_identity=uuid4(),
            password_hash="not needed here",
            requested_role=role,
        )
        account.approve(self.now, role)
        session = Session.start(
            uuid4(), self.now, account.id, ("password",), idle_s=86_400, absolute_s=86_400
        )
        roster.grant(self.now, account.id, role)
        self._store(THE_SYSTEM).save(account, session)
        return Person(account.id, session.id)

    def _context(self, person: Person, key: str | None = None) -> Context:
        return Context(
            actor=person.account, session=person.session, command_key=key or str(uuid4()), correlation="trail"
        )

    def _store(self, person: Person) -> Store:
        return Store(self.store, self._context(person), "Prepare", b"digest", self.now)


class Course:
    """One report, taken through its life step by step."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.report_id = uuid4()

    @property
    def report(self) -> Report:
        return self.office.report(self.report_id)

    def create(self, by: Person | None = None, **changes: Any) -> Receipt:
        faultless = {"report_type": "MINI", "document_number": f"N-{self.report_id}", "header": HEADER}
        command = CreateReport(report_id=self.report_id, **{**faultless, **changes})
        return self.office.give(command, by or self.office.eva)

    def save(self, section: str, content: object, by: Person | None = None) -> Receipt:
        digest = self.report.digest_of_section(section)
        command = SaveSection(
            report_id=self.report_id, section=section, content=content, expected_digest=digest
        )
        return self.office.give(command, by or self.office.eva)

    def assign(self, stage: int, approver: Person, by: Person | None = None) -> Receipt:
        command = AssignApprover(
            report_id=self.report_id,
            expected_version=self.report.version,
            stage=stage,
            approver=approver.account,
        )
        return self.office.give(command, by or self.office.eva)

    def complete(self) -> None:
        self.create()
        self.save("purpose", {"text": "It works.\nProven < & >"})
        self.save("signals", SIGNALS)
        self.assign(1, self.office.tom)
        self.assign(2, self.office.pia)

    def submit(self, by: Person | None = None) -> Receipt:
        self.office.prove_identity(by or self.office.eva)
        command = SubmitForReview(report_id=self.report_id, expected_version=self.report.version)
        return self.office.give(command, by or self.office.eva)

    def approve(self, stage: int, by: Person) -> Receipt:
        self.office.prove_identity(by)
        return self.office.give(self.approval(stage), by)

    def approval(self, stage: int) -> ApproveStage:
        return ApproveStage(
            report_id=self.report_id,
            expected_version=self.report.version,
            stage=stage,
            content_digest=self.report.content_digest,
            meaning="approval",
        )

    def submitted(self) -> None:
        self.complete()
        self.submit()

    def approved(self) -> None:
        self.submitted()
        self.approve(1, self.office.tom)
        self.approve(2, self.office.pia)

    def order(self, kind: Kind, by: Person = THE_SYSTEM) -> UUID:
        command = RequestRendering(report_id=self.report_id, revision="R0", kind=kind, format=Format.DOCX)
        ((rendering_id, _),) = self.office.give(command, by).streams
        return rendering_id

    def render(self, kind: Kind = Kind.FINAL) -> UUID:
        rendering_id = self.order(kind)
        document = b"a finished Word file"
        artifact = Artifact(Format.DOCX, self.office.store.blobs.put(document), len(document))
        self.office.give(StartRendering(rendering_id=rendering_id, worker="worker-1"))
        self.office.give(CompleteRendering(rendering_id=rendering_id, artifacts=(artifact,), duration_ms=40))
        return rendering_id

    def issue(self, rendering_id: UUID, by: Person | None = None, **changes: Any) -> Receipt:
        faultless = {
            "expected_version": self.report.version,
            "issue_status": IssueStatus.FINAL,
            "recipients": (CLIENT,),
        }
        command = IssueRevision(
            report_id=self.report_id, rendering_id=rendering_id, **{**faultless, **changes}
        )
        return self.office.give(command, by or self.office.pia)
