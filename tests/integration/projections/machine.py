"""What happens around reports: webhooks, backups, schedules, incidents, mail held back, figures told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from countersign.aggregates.backup import Backup
from countersign.aggregates.broadcast import Broadcast
from countersign.aggregates.incident import Incident, IncidentSeverity
from countersign.aggregates.kept_backup import BackupKind
from countersign.aggregates.operations_report import OperationsReport, Period, ReportFile
from countersign.aggregates.role import Role
from countersign.aggregates.schedule.cadence import Cadence, Rhythm
from countersign.aggregates.schedule.plan import Plan
from countersign.aggregates.schedule.report_query import ReportQuery
from countersign.aggregates.schedule.schedule import Schedule
from countersign.aggregates.suppression import Suppression
from countersign.aggregates.webhook.delivery import WebhookDelivery
from countersign.aggregates.webhook.subscription import PausedBy, WebhookSubscription
from countersign.aggregates.webhook.terms import Header, Only
from tests.integration.projections.journal import BEGIN, MANAGER
from tests.integration.projections.story import Story


def tell_of_the_machine(story: Story, number: int) -> None:
    """One of each; the ids count from `number`, which leaves room for a hundred."""
    _webhook(story, UUID(int=number))
    story.happen(UUID(int=number + 11), Backup.Created, name=f"2026{number}", kind=BackupKind.FULL, after=0)
    story.happen(
        UUID(int=number + 12),
        Suppression.Created,
        subject=UUID(int=number + 12),
        address="gone@example.com",
        email=UUID(int=number + 13),
        reply_code=550,
        reply="5.1.1 unknown",
    )
    _broadcast(story, UUID(int=number + 17))
    _schedule(story, UUID(int=number + 14))
    _incident(story, UUID(int=number + 15))
    story.happen(
        UUID(int=number + 16),
        OperationsReport.Created,
        period=Period.DAILY,
        begins=BEGIN,
        ends=BEGIN,
        files=(ReportFile("docx", "a" * 64, 1),),
    )


def _broadcast(story: Story, broadcast: UUID) -> None:
    words: dict[str, Any] = {"topic": "Away", "message": "On Sunday.", "roles": (Role.ENGINEER,)}
    story.happen(broadcast, Broadcast.Created, by=MANAGER, recipients=(MANAGER, broadcast), **words)
    story.happen(broadcast, Broadcast.Progressed, planned=1)
    story.happen(broadcast, Broadcast.Cancelled, by=MANAGER, reason="the wrong day")


def _schedule(story: Story, schedule: UUID) -> None:
    plan = Plan(
        name="Every Monday",
        query=ReportQuery(),
        cadence=Cadence(rhythm=Rhythm.DAILY, at="07:00"),
        recipients=(MANAGER,),
    )
    story.happen(schedule, Schedule.Created, owner=MANAGER, plan=plan, next_due_at=BEGIN)
    changed = replace(plan, name="Every Tuesday")
    story.happen(schedule, Schedule.Changed, plan=changed, next_due_at=BEGIN)
    story.happen(schedule, Schedule.Paused, reason="the account of its owner is not active")
    story.happen(schedule, Schedule.Resumed, next_due_at=BEGIN)


def _incident(story: Story, incident: UUID) -> None:
    story.happen(
        incident,
        Incident.Created,
        component="disk",
        severity=IncidentSeverity.CRITICAL,
        reading="full",
        since=BEGIN,
    )
    story.happen(incident, Incident.Acknowledged, note="on it")


def _webhook(story: Story, webhook: UUID) -> None:
    terms: dict[str, Any] = {"url": "https://erp.example.com/", "event_types": (), "only": Only()}
    headers = (Header("X-Key", "s3cret"),)
    story.happen(
        webhook,
        WebhookSubscription.Created,
        name="ERP",
        headers=headers,
        secret="whsec_1",
        registered_by=MANAGER,
        **terms,
    )
    story.happen(webhook, WebhookSubscription.Changed, name="SAP", headers=headers, **terms)
    story.happen(webhook, WebhookSubscription.SecretRotated, number=2, secret="whsec_2", retiring_until=BEGIN)
    story.happen(webhook, WebhookSubscription.AttemptFailed, in_a_row=1)
    story.happen(webhook, WebhookSubscription.Recovered, failures=1)
    story.happen(
        webhook, WebhookSubscription.Paused, by=PausedBy.CIRCUIT, reason="20 in a row", probe_at=BEGIN
    )
    story.happen(webhook, WebhookSubscription.ProbeFailed, probes=1, probe_at=BEGIN)
    story.happen(webhook, WebhookSubscription.Resumed, by=PausedBy.CIRCUIT)
    story.happen(webhook, WebhookSubscription.Tested, delivery=webhook, succeeded=True, status=204, error="")
    story.happen(webhook, WebhookSubscription.ReplayRequested, from_position=1, to_position=9, by=MANAGER)
    for number, end in enumerate((WebhookDelivery.Succeeded, WebhookDelivery.DeadLettered), 1):
        _delivery(story, webhook, UUID(int=webhook.int + number), end)


def _delivery(story: Story, webhook: UUID, delivery: UUID, end: type[Any]) -> None:
    story.happen(
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
    story.happen(delivery, WebhookDelivery.Attempted, attempt=1, tried=1, retry_at=BEGIN, **tried)
    reason: dict[str, Any] = {} if end is WebhookDelivery.Succeeded else {"reason": "7 attempts"}
    story.happen(delivery, end, **reason)
