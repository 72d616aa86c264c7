"""A story that is not written to any log: its events as projections are given them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.backup import Backup
from countersign.aggregates.document_number import DocumentNumber
from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.kept_backup import BackupKind
from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.report.recipient import Recipient
from countersign.aggregates.role import Role
from countersign.aggregates.root import Root
from countersign.aggregates.saved_search import SavedSearch
from countersign.aggregates.session import Session
from countersign.aggregates.sign_in_throttle import SignInThrottle
from countersign.aggregates.sought import Sought
from countersign.aggregates.webhook.delivery import WebhookDelivery
from countersign.aggregates.webhook.subscription import PausedBy, WebhookSubscription
from countersign.aggregates.webhook.terms import Header, Only
from countersign.eventstore.mapper import Happened
from countersign.eventstore.metadata import Metadata
from tests.integration.projections.journal import BEGIN, ENGINEER, MANAGER
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
    told.happen(UUID(int=901), Backup.Created, name="20261123T120000Z", kind=BackupKind.FULL, after=0)
    job = UUID(int=701)
    told.happen(job, MaintenanceJob.Created, kind="sweep", due_at=BEGIN)
    told.happen(job, MaintenanceJob.Completed, result={"swept": "3"})
    for number in range(3):
        _search(told, UUID(int=1300 + number))
        _webhook(told, UUID(int=1400 + 10 * number))
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


def _webhook(told: Told, webhook: UUID) -> None:
    terms: dict[str, Any] = {"url": "https://erp.example.com/", "event_types": (), "only": Only()}
    headers = (Header("X-Key", "s3cret"),)
    told.happen(
        webhook,
        WebhookSubscription.Created,
        name="ERP",
        headers=headers,
        secret="whsec_1",
        registered_by=MANAGER,
        **terms,
    )
    told.happen(webhook, WebhookSubscription.Changed, name="SAP", headers=headers, **terms)
    told.happen(webhook, WebhookSubscription.SecretRotated, number=2, secret="whsec_2", retiring_until=BEGIN)
    told.happen(webhook, WebhookSubscription.AttemptFailed, in_a_row=1)
    told.happen(webhook, WebhookSubscription.Recovered, failures=1)
    told.happen(
        webhook, WebhookSubscription.Paused, by=PausedBy.CIRCUIT, reason="20 in a row", probe_at=BEGIN
    )
    told.happen(webhook, WebhookSubscription.ProbeFailed, probes=1, probe_at=BEGIN)
    told.happen(webhook, WebhookSubscription.Resumed, by=PausedBy.CIRCUIT)
    told.happen(webhook, WebhookSubscription.Tested, delivery=webhook, succeeded=True, status=204, error="")
    told.happen(webhook, WebhookSubscription.ReplayRequested, from_position=1, to_position=9, by=MANAGER)
    for number, end in enumerate((WebhookDelivery.Succeeded, WebhookDelivery.DeadLettered), 1):
        _delivery(told, webhook, UUID(int=webhook.int + number), end)


def _delivery(told: Told, webhook: UUID, delivery: UUID, end: type[Any]) -> None:
    told.happen(
        delivery,
        WebhookDelivery.Created,
        webhook=webhook,
        event_id=delivery,
        event_type="report.created",
        source=webhook,
        source_version=1,
        position=7,
    )
    tried: dict[str, Any] = {"worker": "w", "status": 500, "duration_ms": 3, "error": "answered 500"}
    told.happen(delivery, WebhookDelivery.Attempted, attempt=1, tried=1, retry_at=BEGIN, **tried)
    reason: dict[str, Any] = {} if end is WebhookDelivery.Succeeded else {"reason": "7 attempts"}
    told.happen(delivery, end, **reason)


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
