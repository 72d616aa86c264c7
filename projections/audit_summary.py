"""One line of plain words for each event; ids of people stay ids, their names stand elsewhere."""

from __future__ import annotations

from functools import singledispatch

from countersign.aggregates.account import Account
from countersign.aggregates.api_client import ApiClient
from countersign.aggregates.configuration import Configuration
from countersign.aggregates.document_number import DocumentNumber
from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.feature_flags import FeatureFlags
from countersign.aggregates.mailbox import Mailbox
from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.registration import Registration
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.report.report import Report
from countersign.aggregates.report_type import ReportType
from countersign.aggregates.root import Root
from countersign.aggregates.roster import Roster
from countersign.aggregates.second_factor import SecondFactor
from countersign.aggregates.session import Session
from countersign.aggregates.sign_in_throttle import SignInThrottle
from countersign.aggregates.template import Template


@singledispatch
def summary(event: Root.Event) -> str:
    """The event in a sentence; one without words of its own is named by its topic."""
    topic: str = getattr(type(event), "TOPIC", type(event).__qualname__)
    words = topic.replace(".", " ").replace("_", " ")
    return words[:1].upper() + words[1:]


@summary.register
def _(event: Account.Created) -> str:
    return f"Account registered for the role {event.requested_role}"


@summary.register
def _(event: Account.Approved) -> str:
    return f"Account approved as {event.role}"


@summary.register
def _(event: Account.Rejected) -> str:
    return f"Account rejected: {event.reason}"


@summary.register
def _(event: Account.RoleChanged) -> str:
    return f"Role changed from {event.old} to {event.new}"


@summary.register
def _(event: Account.Disabled) -> str:
    return f"Account disabled: {event.reason}"


@summary.register
def _(event: Registration.Created) -> str:
    known = ", whose address has an account already" if event.holder else ""
    return f"Somebody asked for an account as {event.requested_role}{known}"


@summary.register
def _(event: Mailbox.PasswordResetRequested) -> str:
    whose = "an account" if event.account else "an address without an account"
    return f"Password reset asked for {whose}"


@summary.register
def _(event: Roster.RoleRevoked) -> str:
    return f"Role {event.role} taken off the roster"


@summary.register
def _(event: Roster.RoleGranted) -> str:
    return f"Role {event.role} granted"


@summary.register
def _(event: Session.Created) -> str:
    return f"Signed in with {', '.join(event.factors)}"


@summary.register
def _(event: Session.FactorProved) -> str:
    return f"Second factor shown: {event.factor}"


@summary.register
def _(event: Account.SessionsEnded) -> str:
    return "All sessions ended but the one kept" if event.kept_session else "All sessions ended"


@summary.register
def _(event: SignInThrottle.LoginFailed) -> str:
    return f"Log-in failed by the {event.reason}"


@summary.register
def _(event: SignInThrottle.AccountLocked) -> str:
    return f"Log-in locked until {event.until:%Y-%m-%d %H:%M:%S} after {event.count} failures"


@summary.register
def _(event: SignInThrottle.NetworkLocked) -> str:
    return f"Network locked until {event.until:%Y-%m-%d %H:%M:%S} after {event.count} failures"


@summary.register
def _(event: SecondFactor.Disabled) -> str:
    return f"Second factor disabled: {event.reason}"


@summary.register
def _(event: Session.Revoked) -> str:
    return f"Session ended: {event.reason}"


@summary.register
def _(event: FeatureFlags.FlagSet) -> str:
    return f"Feature {event.name} switched {'on' if event.enabled else 'off'}: {event.reason}"


@summary.register
def _(event: Configuration.Reloaded) -> str:
    waiting = f"; restart needed for {', '.join(event.restart_needed)}" if event.restart_needed else ""
    return f"Settings of {event.source} taken up: {', '.join(event.changed) or 'none changed'}{waiting}"


@summary.register
def _(event: Configuration.Rejected) -> str:
    return f"Settings of {event.source} refused: {', '.join(event.errors)}"


@summary.register
def _(event: ApiClient.Created) -> str:
    return f"API client {event.name} let in for {', '.join(event.scopes)}, until {event.expires_at:%Y-%m-%d}"


@summary.register
def _(event: ApiClient.KeyRotated) -> str:
    until = f"{event.retiring_until:%Y-%m-%d %H:%M}"
    return f"Key {event.key_number} of the API client made, the one before good until {until}"


@summary.register
def _(event: ApiClient.Changed) -> str:
    return f"API client {event.name} now in for {', '.join(event.scopes)}, until {event.expires_at:%Y-%m-%d}"


@summary.register
def _(event: ApiClient.Suspended) -> str:
    return f"API client suspended: {event.reason}"


@summary.register
def _(event: ApiClient.Resumed) -> str:
    return "API client let in again"


@summary.register
def _(event: ApiClient.Revoked) -> str:
    return f"API client revoked: {event.reason}"


@summary.register
def _(event: ApiClient.Expiring) -> str:
    return f"API client ends on {event.expires_at:%Y-%m-%d}"


@summary.register
def _(event: DocumentNumber.Created) -> str:
    return f"Document number {event.number} reserved"


@summary.register
def _(event: ReportType.Created) -> str:
    return f"Report type {event.slug} defined: {event.title}"


@summary.register
def _(event: ReportType.VersionPublished) -> str:
    return f"Version {event.type_version} of the report type published"


@summary.register
def _(event: Template.Created) -> str:
    return f"Template {event.slug} created for {event.report_type}"


@summary.register
def _(event: Template.VersionActivated) -> str:
    return f"Version {event.template_version} of the template activated"


@summary.register
def _(event: Report.Created) -> str:
    return f"{event.report_type} report {event.document_number} created: {event.title}"


@summary.register
def _(event: Report.HeaderChanged) -> str:
    return f"Header changed: {', '.join(sorted(event.changes))}"


@summary.register
def _(event: Report.SectionSaved) -> str:
    rows = f" ({event.row_count} rows)" if event.row_count else ""
    return f"Section {event.section} saved{rows}"


@summary.register
def _(event: Report.RowsImported) -> str:
    return f"{event.accepted} rows imported into {event.section}, {event.rejected_count} rejected"


@summary.register
def _(event: Report.TestResultRecorded) -> str:
    comment = f": {event.comment}" if event.comment else ""
    return (
        f"Test {event.row_id} of {event.section}: {event.previous or 'no result'} to {event.result}{comment}"
    )


@summary.register
def _(event: Report.ApproverAssigned) -> str:
    return f"Approver of stage {event.stage} ({event.role}) assigned"


@summary.register
def _(event: Report.RevisionSubmitted) -> str:
    return f"Revision {event.revision} submitted for review, content {event.content_digest[:12]}"


@summary.register
def _(event: Report.SignatureApplied) -> str:
    as_whom = "author" if event.stage == 0 else f"stage {event.stage}"
    return f"Signed by {event.printed_name} as {as_whom}: {event.meaning}"


@summary.register
def _(event: Report.StageOpened) -> str:
    return f"Stage {event.stage} ({event.role}) opened, due {event.due_at:%Y-%m-%d %H:%M}"


@summary.register
def _(event: Report.StageApproved) -> str:
    return f"Stage {event.stage} approved with code {event.review_code}"


@summary.register
def _(event: Report.RevisionApproved) -> str:
    return f"Revision {event.revision} approved"


@summary.register
def _(event: Report.ChangesRequested) -> str:
    return f"Changes requested at stage {event.stage} with code {event.review_code}: {event.reason}"


@summary.register
def _(event: Report.ApprovalsInvalidated) -> str:
    count = len(event.signatures)
    signatures = "1 signature" if count == 1 else f"{count} signatures"
    return f"{signatures} of revision {event.revision} invalidated: {event.cause}"


@summary.register
def _(event: Report.SubmissionWithdrawn) -> str:
    return f"Submission of revision {event.revision} withdrawn: {event.reason}"


@summary.register
def _(event: Report.RevisionIssued) -> str:
    to = f"{len(event.recipients)} recipient{'' if len(event.recipients) == 1 else 's'}"
    return f"Revision {event.revision} issued ({event.issue_status}) to {to}"


@summary.register
def _(event: Rendering.Created) -> str:
    return f"{event.kind} {event.format} of revision {event.revision} requested"


@summary.register
def _(event: Rendering.Started) -> str:
    return f"Rendering started, attempt {event.attempt}"


@summary.register
def _(event: Rendering.Completed) -> str:
    made = ", ".join(f"{file.format} {file.digest[:12]}" for file in event.artifacts)
    return f"Document rendered in {event.duration_ms} ms: {made}"


@summary.register
def _(event: Rendering.AttemptFailed) -> str:
    return f"Rendering attempt {event.attempt} failed ({event.failure_class}): {event.message}"


@summary.register
def _(event: Rendering.DeadLettered) -> str:
    return f"Rendering given up ({event.failure_class}): {event.message}"


@summary.register
def _(event: EmailMessage.Created) -> str:
    return f"Mail {event.purpose} queued"


@summary.register
def _(event: EmailMessage.Attempted) -> str:
    return f"Sending the mail, attempt {event.attempt}"


@summary.register
def _(event: EmailMessage.Sent) -> str:
    return f"Mail accepted by the server: {event.reply_code} {event.reply}"


@summary.register
def _(event: EmailMessage.Deferred) -> str:
    return f"Mail deferred by the server: {event.reply_code} {event.reply}"


@summary.register
def _(event: EmailMessage.Bounced) -> str:
    return f"Mail refused by the server: {event.reply_code} {event.reply}"


@summary.register
def _(event: EmailMessage.WentInDoubt) -> str:
    return f"Nobody knows whether the mail went out: {event.why}"


@summary.register
def _(event: EmailMessage.DeadLettered) -> str:
    return f"Mail given up: {event.reason}"


@summary.register
def _(event: EmailMessage.Resolved) -> str:
    return f"Mail {'to be sent again' if event.resent else 'dismissed'}: {event.reason}"


@summary.register
def _(event: MaintenanceJob.Created) -> str:
    return f"Maintenance {event.kind} due"


@summary.register
def _(event: MaintenanceJob.Failed) -> str:
    return f"Maintenance failed ({event.failure_class}): {event.message}"
