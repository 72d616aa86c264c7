"""What the service tells others of: types of their own, so that a stored topic can change its name."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from countersign.aggregates.incident import Incident
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.report.report import Report
from countersign.aggregates.root import Root


class PublicType(StrEnum):
    """The types of events that webhooks may ask for; what each tells stands in docs/webhooks.md."""

    REPORT_CREATED = "report.created"
    REVISION_SUBMITTED = "report.revision_submitted"
    SUBMISSION_WITHDRAWN = "report.submission_withdrawn"
    STAGE_OPENED = "report.stage_opened"
    STAGE_APPROVED = "report.stage_approved"
    CHANGES_REQUESTED = "report.changes_requested"
    REVISION_APPROVED = "report.revision_approved"
    REVISION_ISSUED = "report.revision_issued"
    DOCUMENT_COMPLETED = "document.completed"
    DOCUMENT_FAILED = "document.failed"
    INCIDENT_OPENED = "incident.opened"
    INCIDENT_ESCALATED = "incident.escalated"
    INCIDENT_RESOLVED = "incident.resolved"


TEST: Final = "webhook.test"
"""What a test sends; nobody needs to ask for it."""

PUBLIC: Final[Mapping[type[Root.Event], PublicType]] = MappingProxyType(
    {
        Report.Created: PublicType.REPORT_CREATED,
        Report.RevisionSubmitted: PublicType.REVISION_SUBMITTED,
        Report.SubmissionWithdrawn: PublicType.SUBMISSION_WITHDRAWN,
        Report.StageOpened: PublicType.STAGE_OPENED,
        Report.StageApproved: PublicType.STAGE_APPROVED,
        Report.ChangesRequested: PublicType.CHANGES_REQUESTED,
        Report.RevisionApproved: PublicType.REVISION_APPROVED,
        Report.RevisionIssued: PublicType.REVISION_ISSUED,
        Rendering.Completed: PublicType.DOCUMENT_COMPLETED,
        Rendering.DeadLettered: PublicType.DOCUMENT_FAILED,
        Incident.Created: PublicType.INCIDENT_OPENED,
        Incident.Escalated: PublicType.INCIDENT_ESCALATED,
        Incident.Resolved: PublicType.INCIDENT_RESOLVED,
    }
)
