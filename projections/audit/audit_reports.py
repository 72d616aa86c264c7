"""What the audit log says of reports."""

from __future__ import annotations

from functools import singledispatch

from countersign.aggregates.report.report import Report
from countersign.aggregates.root import Root


@singledispatch
def summary_of_reports(event: Root.Event) -> str | None:
    """The event in a sentence; None where it is of another kind, or without words of its own."""
    return None


@summary_of_reports.register
def _(event: Report.Created) -> str:
    return f"{event.report_type} report {event.document_number} created: {event.title}"


@summary_of_reports.register
def _(event: Report.HeaderChanged) -> str:
    return f"Header changed: {', '.join(sorted(event.changes))}"


@summary_of_reports.register
def _(event: Report.SectionSaved) -> str:
    rows = f" ({event.row_count} rows)" if event.row_count else ""
    return f"Section {event.section} saved{rows}"


@summary_of_reports.register
def _(event: Report.RowsImported) -> str:
    return f"{event.accepted} rows imported into {event.section}, {event.rejected_count} rejected"


@summary_of_reports.register
def _(event: Report.TestResultRecorded) -> str:
    comment = f": {event.comment}" if event.comment else ""
    return (
        f"Test {event.row_id} of {event.section}: {event.previous or 'no result'} to {event.result}{comment}"
    )


@summary_of_reports.register
def _(event: Report.ApproverAssigned) -> str:
    return f"Approver of stage {event.stage} ({event.role}) assigned"


@summary_of_reports.register
def _(event: Report.RevisionSubmitted) -> str:
    return f"Revision {event.revision} submitted for review, content {event.content_digest[:12]}"


@summary_of_reports.register
def _(event: Report.SignatureApplied) -> str:
    as_whom = "author" if event.stage == 0 else f"stage {event.stage}"
    return f"Signed by {event.printed_name} as {as_whom}: {event.meaning}"


@summary_of_reports.register
def _(event: Report.StageOpened) -> str:
    return f"Stage {event.stage} ({event.role}) opened, due {event.due_at:%Y-%m-%d %H:%M}"


@summary_of_reports.register
def _(event: Report.ApproverReminded) -> str:
    return f"Approver of stage {event.stage} reminded ({event.nth}), due {event.due_at:%Y-%m-%d %H:%M}"


@summary_of_reports.register
def _(event: Report.StageEscalated) -> str:
    return f"Stage {event.stage} ({event.role}) escalated: it was due {event.due_at:%Y-%m-%d %H:%M}"


@summary_of_reports.register
def _(event: Report.StageReassigned) -> str:
    return f"Stage {event.stage} ({event.role}) given to another approver: {event.reason}"


@summary_of_reports.register
def _(event: Report.StageApproved) -> str:
    return f"Stage {event.stage} approved with code {event.review_code}"


@summary_of_reports.register
def _(event: Report.RevisionApproved) -> str:
    return f"Revision {event.revision} approved"


@summary_of_reports.register
def _(event: Report.ChangesRequested) -> str:
    return f"Changes requested at stage {event.stage} with code {event.review_code}: {event.reason}"


@summary_of_reports.register
def _(event: Report.ApprovalsInvalidated) -> str:
    count = len(event.signatures)
    signatures = "1 signature" if count == 1 else f"{count} signatures"
    return f"{signatures} of revision {event.revision} invalidated: {event.cause}"


@summary_of_reports.register
def _(event: Report.SubmissionWithdrawn) -> str:
    return f"Submission of revision {event.revision} withdrawn: {event.reason}"


@summary_of_reports.register
def _(event: Report.RevisionIssued) -> str:
    to = f"{len(event.recipients)} recipient{'' if len(event.recipients) == 1 else 's'}"
    return f"Revision {event.revision} issued ({event.issue_status}) to {to}"


@summary_of_reports.register
def _(event: Report.Archived) -> str:
    return f"Archived until {event.retention_until:%Y-%m-%d} by policy {event.policy_version}: {event.reason}"


@summary_of_reports.register
def _(event: Report.Restored) -> str:
    return f"Taken out of the archive: {event.reason}"


@summary_of_reports.register
def _(event: Report.LegalHoldPlaced) -> str:
    return f"Held for {event.matter}: {event.reason}"


@summary_of_reports.register
def _(event: Report.LegalHoldReleased) -> str:
    return f"No longer held for {event.matter}: {event.reason}"


@summary_of_reports.register
def _(event: Report.DispositionProposed) -> str:
    return f"Disposition proposed: {event.reason}"


@summary_of_reports.register
def _(event: Report.DispositionDeclined) -> str:
    return f"Disposition declined: {event.reason}"


@summary_of_reports.register
def _(event: Report.DispositionApproved) -> str:
    return f"Disposition approved by a second person: {event.reason}"


@summary_of_reports.register
def _(event: Report.Disposed) -> str:
    return f"Disposed of; tombstone {event.tombstone_digest[:12]}"


@summary_of_reports.register
def _(event: Report.ContentDestroyed) -> str:
    return f"{event.contents} stored contents destroyed with the key, {event.shared} shared ones kept"
