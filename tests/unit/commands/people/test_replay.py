"""What was decided is what is read again: from the log alone, and from a snapshot."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.inbox import Channel
from countersign.aggregates.incident import IncidentSeverity
from countersign.aggregates.kept_backup import BackupKind
from countersign.aggregates.operations_report import Period, ReportFile
from countersign.aggregates.periodic_work import MissedPolicy
from countersign.aggregates.retention_policy import RetentionRule
from countersign.aggregates.role import Role
from countersign.aggregates.schedule.cadence import Cadence, Rhythm
from countersign.aggregates.schedule.plan import Plan
from countersign.aggregates.schedule.report_query import ReportQuery
from countersign.aggregates.sought import Sought
from countersign.commands.account.request_password_reset import RequestPasswordReset
from countersign.commands.backup.start_backup import StartBackup
from countersign.commands.broadcast.order_broadcast import OrderBroadcast
from countersign.commands.certificate.note_certificate import NoteCertificate
from countersign.commands.configuration.record_reload import RecordReload
from countersign.commands.configuration.set_feature_flag import SetFeatureFlag
from countersign.commands.email.attempt_email import AttemptEmail
from countersign.commands.email.record_email_outcome import EmailOutcome, RecordEmailOutcome
from countersign.commands.inbox.set_preferences import SetPreferences
from countersign.commands.incident.open_incident import OpenIncident
from countersign.commands.maintenance.due_maintenance import DueMaintenance
from countersign.commands.maintenance.note_missed_work import NoteMissedWork
from countersign.commands.operations_report.note_operations_report import NoteOperationsReport
from countersign.commands.read_model.order_rebuild import OrderRebuild
from countersign.commands.read_model.propose_discard import ProposeDiscard
from countersign.commands.retention.publish_retention_policy import PublishRetentionPolicy
from countersign.commands.schedule.create_schedule import CreateSchedule
from countersign.commands.search.save_search import SaveSearch
from countersign.commands.second_factor.begin_totp_enrolment import BeginTotpEnrolment
from countersign.commands.secret.note_secret_retired import NoteSecretRetired
from countersign.commands.session.reauthenticate import Reauthenticate
from countersign.commands.webhook.register_webhook import RegisterWebhook
from countersign.commands.webhook.try_webhook import TryWebhook
from countersign.eventstore.context import ANONYMOUS
from tests.unit.commands.people.letters import sign_up
from tests.unit.commands.people.service import AGGREGATES, PASSWORD, Service, registration
from tests.unit.commands.people.test_api_clients import let_in
from tests.unit.commands.people.test_mail import MAIL, QUEUE

CERTIFICATE = NoteCertificate(
    fingerprint="ab" * 32,
    subject="CN=reports.example",
    not_after=datetime(2027, 3, 2, tzinfo=UTC),
    source="pem",
    warn_days=30,
)

MISSED = NoteMissedWork(
    kind="clean_up",
    times=(datetime(2026, 3, 1, tzinfo=UTC),),
    policy=MissedPolicy.ONCE,
)

NOBODY_THERE = RecordEmailOutcome(
    email_id=MAIL, attempt=1, outcome=EmailOutcome.BOUNCED, reply_code=550, reply="5.1.1 nobody here"
)
OPERATIONS = NoteOperationsReport(
    period=Period.DAILY,
    begins=datetime(2026, 3, 1, tzinfo=UTC),
    ends=datetime(2026, 3, 2, tzinfo=UTC),
    files=(ReportFile("docx", "ab" * 32, 7),),
)
INCIDENT = OpenIncident(
    component="smtp",
    severity=IncidentSeverity.CRITICAL,
    reading="refused",
    since=datetime(2026, 3, 2, tzinfo=UTC),
)


def people_come_and_are_written_to(service: Service, administrator: UUID) -> None:
    engineer = uuid4()
    service.give(registration(engineer, Role.ENGINEER), administrator)
    session = service.sign_in("engineer@example.com")
    service.give(Reauthenticate(session_id=session, password=PASSWORD), engineer, session)
    service.give(BeginTotpEnrolment(account_id=engineer), engineer, session)
    service.give(sign_up("stranger@example.com"), ANONYMOUS)
    service.give(RequestPasswordReset(email="engineer@example.com"), ANONYMOUS)
    wishes = SetPreferences(
        channels={EmailPurpose.HEALTH_ALERT: Channel.DIGEST}, digest_hour=6, time_zone="Asia/Tokyo"
    )
    service.give(wishes, engineer, session)
    service.give(replace(QUEUE, purpose=EmailPurpose.HEALTH_ALERT, subject=engineer))
    service.give(QUEUE)
    service.give(AttemptEmail(email_id=MAIL, worker="w1"))
    service.give(NOBODY_THERE)
    service.give(
        OrderBroadcast(broadcast_id=uuid4(), topic="Away", message="On Sunday.", roles=(Role.ENGINEER,)),
        administrator,
    )
    kept_search = SaveSearch(search_id=uuid4(), name="Pumps", sought=Sought(text="pump", since=service.now))
    service.give(kept_search, engineer, session)
    plan = Plan(
        name="Open",
        query=ReportQuery(),
        cadence=Cadence(rhythm=Rhythm.DAILY, at="06:00"),
        recipients=(engineer,),
    )
    service.give(CreateSchedule(schedule_id=uuid4(), plan=plan), engineer, session)


def the_machine_is_kept_going(service: Service, administrator: UUID) -> None:
    service.give(DueMaintenance(kind="clean_up", due_at=service.now))
    service.give(MISSED)
    service.give(INCIDENT)
    service.give(OPERATIONS)
    service.give(StartBackup(backup_id=uuid4(), name="20260302T0930Z", kind=BackupKind.FULL))
    let_in(service, administrator, "reports:read")
    service.give(RecordReload(source="serve", digest="d1", changed=(), restart_needed=()))
    service.give(SetFeatureFlag(name="metrics", enabled=True, reason="Prometheus came"), administrator)
    service.give(CERTIFICATE)
    service.give(OrderRebuild(name="people", reason="the tables are in doubt"), administrator)
    service.give(ProposeDiscard(name="people", position=3, reason="it is no good"), administrator)
    rules = (RetentionRule("SAT", 30), RetentionRule("*", 10))
    service.give(
        PublishRetentionPolicy(rules=rules, cooling_off_days=7, reason="as the law has it"),
        administrator,
    )
    service.give(NoteSecretRetired(name="token-signing", backend="file", version="first"))

    webhook = uuid4()
    service.give(
        RegisterWebhook(webhook_id=webhook, name="ERP", url="https://erp.example.com/"), administrator
    )
    service.give(TryWebhook(webhook_id=webhook, test_id=uuid4()), administrator)


@pytest.mark.parametrize("snapshot_every", [1, 1000])
def test_every_aggregate_is_rebuilt_exactly_as_it_was(tmp_path: Path, snapshot_every: int) -> None:
    with closing(Service(tmp_path, snapshot_every)) as service:
        administrator = service.bootstrap()
        people_come_and_are_written_to(service, administrator)
        the_machine_is_kept_going(service, administrator)
        elsewhere = service.another_store().aggregates

        rebuilt = set()
        for stream in {happened.stream for happened in service.happened()}:
            for cls in AGGREGATES:
                if (kept := service.shared.aggregates.find(cls, stream)) is not None:
                    assert elsewhere.find(cls, stream) == kept
                    rebuilt.add(cls)
        assert rebuilt == set(AGGREGATES)
