"""A story that is not written to any log: its events as projections are given them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.document_number import DocumentNumber
from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.report.recipient import Recipient
from countersign.aggregates.role import Role
from countersign.aggregates.root import Root
from countersign.aggregates.saved_search import SavedSearch
from countersign.aggregates.session import Session
from countersign.aggregates.sign_in_throttle import SignInThrottle
from countersign.aggregates.sought import Sought
from countersign.eventstore.mapper import Happened
from countersign.eventstore.metadata import Metadata
from tests.integration.projections.journal import BEGIN, ENGINEER, MANAGER
from tests.integration.projections.machine import tell_of_the_machine
from tests.integration.projections.story import Story, identity_of

OUTSIDER = UUID(int=501)


class Told(Story):
    """Collects what happens; events that happen at once belong to one command."""

    def __init__(self) -> None:
        self.events: list[Happened] = []
        self.versions = Counter[UUID]()
        self.minutes = 0

    def happen_all(self, events: list[Root.Event], actor: UUID = ENGINEER) -> UUID:
        command = Metadata(
            actor=actor, correlation="trail", command="SomeCommand", command_key=str(self.minutes)
        )
        for event in events:
            stream, version = event.originator_id, event.originator_version
            place: dict[str, Any] = {"stream": stream, "version": version, "topic": type(event).TOPIC}  # type: ignore[attr-defined]
            happened = Happened(
                event=event,
                position=len(self.events) + 1,
                recorded_at=event.timestamp,
                metadata=command,
                **place,
            )
            self.events.append(happened)
        return self.events[-1].event_id


def everything(reports: int = 3) -> list[Happened]:
    """People come, sign in and go; reports are written, rejected, approved and issued; mails go out."""
    told = Told()
    told.account(ENGINEER, "Ann", Role.ENGINEER)
    told.account(MANAGER, "Max", Role.TECHNICAL_MANAGER)
    told.session(UUID(int=301))
    told.session(UUID(int=302), MANAGER)
    told.happen(UUID(int=301), Session.Refreshed, rotation=2)
    told.happen(UUID(int=301), Session.FactorProved, factor="totp")
    for number in range(reports):
        _report(told, UUID(int=1000 + number), number)
    told.happen(ENGINEER, Account.ProfileChanged, name="Ann B.")
    told.happen(ENGINEER, Account.SessionsEnded, kept_session=None)
    told.happen(UUID(int=301), Session.Revoked, reason="signed_out")
    told.session(UUID(int=303))
    told.happen(MANAGER, Account.Disabled, reason="left")
    client = told.api_client("historian")
    told.happen(client, Account.Closed)
    told.refused()
    _failed_login(told)
    job = UUID(int=701)
    told.happen(job, MaintenanceJob.Created, kind="sweep", due_at=BEGIN)
    told.happen(job, MaintenanceJob.Completed, result={"swept": "3"})
    for number in range(3):
        _search(told, UUID(int=1300 + number))
        tell_of_the_machine(told, 1400 + 100 * number)
    told.account(OUTSIDER, "Olga", Role.ENGINEER)
    told.archived(UUID(int=1000))
    told.held(UUID(int=1000))
    waiting = told.report("SAT-W", report=UUID(int=1900))
    told.submitted(waiting)
    told.stage_opened(waiting)
    return told.events


def _search(told: Told, search: UUID) -> None:
    told.happen(search, SavedSearch.Created, owner=ENGINEER, name="Pumps", sought=Sought(text="pump"))
    told.happen(search, SavedSearch.Shared, everybody=False, roles=(Role.AUDITOR, Role.ENGINEER))
    told.happen(search, SavedSearch.Shared, everybody=False, roles=(Role.AUDITOR,))


def _report(told: Told, report: UUID, number: int) -> None:
    told.happen(UUID(int=1100 + number), DocumentNumber.Created, number=f"SAT-{number}", report_id=report)
    told.report(f"SAT-{number}", report=report)
    told.header_changed(report, document_title=("Pumping station", f"Station {number}"))
    told.section_saved(report, "alarms", [{"id": "1", "result": "pass"}, {"id": "2", "result": ""}])
    told.tested(report, "alarms", "2", "", "fail")
    told.imported(report, "trips", [{"id": "1", "result": "na"}])
    told.submitted(report)
    mail = told.mail(told.stage_opened(report), MANAGER)
    told.mail_sent(mail)
    if number % 2:
        signature = told.signed(report, 1, MANAGER)
        told.mail(told.changes_requested(report, (signature,)), ENGINEER)
        told.section_saved(report, "alarms", [])
        told.submitted(report)
        told.stage_opened(report)
    told.stage_approved(report)
    told.approved(report)
    rendering = told.rendering(report, rendering=UUID(int=1200 + number))
    told.rendered(rendering)
    outsider = identity_of(OUTSIDER)
    recipient = Recipient(outsider, "Olga", "olga@example.com")
    issued = told.issued(report, rendering, (recipient,))
    told.happen(
        told.mail(issued, outsider, EmailPurpose.APPROVAL_REQUEST),
        EmailMessage.Attempted,
        attempt=1,
        worker="w",
    )


def _failed_login(told: Told) -> None:
    failed: dict[str, Any] = {"reason": "wrong password", "place": "elsewhere", "account": ENGINEER}
    address, network = UUID(int=801), UUID(int=802)
    told.happen_all(
        [told.made(each, SignInThrottle.LoginFailed, **failed) for each in (address, network)], UUID(int=0)
    )
    told.minutes += int(timedelta(hours=1).total_seconds() // 60)
