"""What the audit log says of programs, networks, settings, report types and maintenance."""

from __future__ import annotations

from functools import singledispatch

from countersign.aggregates.access_policy import AccessPolicy
from countersign.aggregates.api_client import ApiClient
from countersign.aggregates.configuration import Configuration
from countersign.aggregates.document_number import DocumentNumber
from countersign.aggregates.feature_flags import FeatureFlags
from countersign.aggregates.incident import Incident
from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.operations_report import OperationsReport
from countersign.aggregates.periodic_work import MissedPolicy, PeriodicWork
from countersign.aggregates.report_type import ReportType
from countersign.aggregates.root import Root
from countersign.aggregates.schedule.schedule import Schedule
from countersign.aggregates.secret_ref import SecretRef
from countersign.aggregates.security_event import SecurityEvent
from countersign.aggregates.template import Template


@singledispatch
def summary_of_installation(event: Root.Event) -> str | None:
    """The event in a sentence; None where it is of another kind, or without words of its own."""
    return None


@summary_of_installation.register
def _(event: FeatureFlags.FlagSet) -> str:
    return f"Feature {event.name} switched {'on' if event.enabled else 'off'}: {event.reason}"


@summary_of_installation.register
def _(event: Configuration.Reloaded) -> str:
    waiting = f"; restart needed for {', '.join(event.restart_needed)}" if event.restart_needed else ""
    return f"Settings of {event.source} taken up: {', '.join(event.changed) or 'none changed'}{waiting}"


@summary_of_installation.register
def _(event: Configuration.Rejected) -> str:
    return f"Settings of {event.source} refused: {', '.join(event.errors)}"


@summary_of_installation.register
def _(event: SecretRef.Created) -> str:
    return f"Secret {event.name} ({event.backend}) registered with version {event.secret_version}"


@summary_of_installation.register
def _(event: SecretRef.Rotated) -> str:
    return f"Secret {event.name} ({event.backend}) rotated to version {event.secret_version}"


@summary_of_installation.register
def _(event: SecretRef.VersionRetired) -> str:
    return f"Version {event.secret_version} of the secret {event.name} ({event.backend}) destroyed"


@summary_of_installation.register
def _(event: ApiClient.Created) -> str:
    return f"API client {event.name} let in for {', '.join(event.scopes)}, until {event.expires_at:%Y-%m-%d}"


@summary_of_installation.register
def _(event: ApiClient.KeyRotated) -> str:
    until = f"{event.retiring_until:%Y-%m-%d %H:%M}"
    return f"Key {event.key_number} of the API client made, the one before good until {until}"


@summary_of_installation.register
def _(event: ApiClient.Changed) -> str:
    return f"API client {event.name} now in for {', '.join(event.scopes)}, until {event.expires_at:%Y-%m-%d}"


@summary_of_installation.register
def _(event: ApiClient.Suspended) -> str:
    return f"API client suspended: {event.reason}"


@summary_of_installation.register
def _(event: ApiClient.Resumed) -> str:
    return "API client let in again"


@summary_of_installation.register
def _(event: ApiClient.Revoked) -> str:
    return f"API client revoked: {event.reason}"


@summary_of_installation.register
def _(event: ApiClient.Expiring) -> str:
    return f"API client ends on {event.expires_at:%Y-%m-%d}"


@summary_of_installation.register
def _(event: ApiClient.CertificateBound) -> str:
    return f"API client bound to the TLS certificate {event.certificate}"


@summary_of_installation.register
def _(event: ApiClient.CertificateUnbound) -> str:
    return "API client let in without a TLS certificate again"


@summary_of_installation.register
def _(event: DocumentNumber.Created) -> str:
    return f"Document number {event.number} reserved"


@summary_of_installation.register
def _(event: ReportType.Created) -> str:
    return f"Report type {event.slug} defined: {event.title}"


@summary_of_installation.register
def _(event: ReportType.VersionPublished) -> str:
    return f"Version {event.type_version} of the report type published"


@summary_of_installation.register
def _(event: Template.Created) -> str:
    return f"Template {event.slug} created for {event.report_type}"


@summary_of_installation.register
def _(event: Template.VersionActivated) -> str:
    return f"Version {event.template_version} of the template activated"


@summary_of_installation.register
def _(event: Schedule.Created) -> str:
    return f"Schedule {event.plan.name} made for {len(event.plan.recipients)} people"


@summary_of_installation.register
def _(event: Schedule.Changed) -> str:
    return f"Schedule {event.plan.name} changed, for {len(event.plan.recipients)} people"


@summary_of_installation.register
def _(event: Schedule.Paused) -> str:
    return f"Schedule paused: {event.reason}" if event.reason else "Schedule paused"


@summary_of_installation.register
def _(event: Schedule.Missed) -> str:
    return f"{event.count} due times of the schedule missed since {event.first_due:%Y-%m-%d %H:%M}"


@summary_of_installation.register
def _(event: Schedule.Fired) -> str:
    return "Schedule run" if event.by is None else "Schedule run on demand"


@summary_of_installation.register
def _(event: Schedule.RunFailed) -> str:
    return f"Run of the schedule failed ({event.failure_class}): {event.message}"


@summary_of_installation.register
def _(event: PeriodicWork.Missed) -> str:
    made_up = "made up for once" if event.policy is MissedPolicy.ONCE else "left out"
    return f"{event.count} due times of {event.kind} missed, {made_up}"


@summary_of_installation.register
def _(event: MaintenanceJob.Created) -> str:
    return f"Maintenance {event.kind} due"


@summary_of_installation.register
def _(event: MaintenanceJob.Failed) -> str:
    return f"Maintenance failed ({event.failure_class}): {event.message}"


@summary_of_installation.register
def _(event: MaintenanceJob.Retried) -> str:
    return f"Maintenance {event.kind} taken up again"


@summary_of_installation.register
def _(event: MaintenanceJob.Cancelled) -> str:
    return f"Maintenance cancelled: {event.reason}"


@summary_of_installation.register
def _(event: MaintenanceJob.Discarded) -> str:
    return f"Maintenance laid aside: {event.reason}"


@summary_of_installation.register
def _(event: OperationsReport.Created) -> str:
    return f"Operations report ({event.period}) of {event.begins:%Y-%m-%d} made"


@summary_of_installation.register
def _(event: Incident.Created) -> str:
    return f"Incident of {event.component} ({event.severity}): {event.reading}"


@summary_of_installation.register
def _(event: Incident.Escalated) -> str:
    return f"Incident escalated ({event.severity}): {event.reading}"


@summary_of_installation.register
def _(event: Incident.Acknowledged) -> str:
    return f"Incident acknowledged: {event.note}" if event.note else "Incident acknowledged"


@summary_of_installation.register
def _(event: Incident.Resolved) -> str:
    return f"Incident resolved: {event.note or event.reading}"


@summary_of_installation.register
def _(event: AccessPolicy.NetworkBlocked) -> str:
    return f"Network blocked {'by the service' if event.automatic else 'by an administrator'}"


@summary_of_installation.register
def _(event: SecurityEvent.Created) -> str:
    times = f", {event.count} times" if event.count > 1 else ""
    return f"{event.kind.replace('_', ' ').capitalize()}{times}"
