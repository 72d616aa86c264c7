"""The report: its beginning and its end. What lies between stands in the files beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from countersign.aggregates.canonical_json import digest_of
from countersign.aggregates.due import require_due
from countersign.aggregates.render_order import Kind
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.report.header import first_header
from countersign.aggregates.report.recipient import Recipient, require_recipients
from countersign.aggregates.report.refusals import RenderingStale, WrongStatus
from countersign.aggregates.report.remarks import require_reason
from countersign.aggregates.report.retention import Retained
from countersign.aggregates.report.retention_refusals import NotProposed, WrongStanding
from countersign.aggregates.report.standing import Standing
from countersign.aggregates.report.status import Status
from countersign.aggregates.report.tombstone import Tombstone
from countersign.aggregates.retention_policy import RetentionPolicy, retained_until
from countersign.aggregates.root import Root
from countersign.aggregates.type_definition import TypeDefinition

FIRST_REVISION = "R0"


class IssueStatus(StrEnum):
    """What the recipients are asked to do with an issued revision."""

    FOR_REVIEW = "IFR"
    FOR_APPROVAL = "IFA"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Issue:
    """The document that went out."""

    rendering_id: UUID
    document_digest: str
    issue_status: IssueStatus


class Report(Retained):
    """A controlled document: edited in draft, frozen in review, immutable once issued."""

    TOPIC = "report"
    issue: Issue | None = None
    issued_at: datetime | None = None

    class Created(Root.Created):
        TOPIC = "report.created"
        report_type: str
        type_version: int
        document_number: str
        title: str
        project_reference: str
        client_name: str
        owner: UUID
        revision: str
        header: Mapping[str, str]

    class RevisionIssued(Root.Event):
        TOPIC = "report.revision_issued"
        revision: str
        rendering_id: UUID
        document_digest: str
        issue_status: IssueStatus
        recipients: tuple[Recipient, ...]
        by: UUID

        def apply(self, report: Report) -> None:
            report.status = Status.ISSUED
            report.issue = Issue(self.rendering_id, self.document_digest, self.issue_status)
            report.issued_at = self.timestamp

    @classmethod
    def create(
        cls,
        report_id: UUID,
        at: datetime,
        definition: TypeDefinition,
        number: str,
        header: Mapping[str, str],
        owner: UUID,
    ) -> Self:
        """Begin a report under a number that was reserved for it.

        Raises:
            InvalidField: with a pointer to each bad field of the header.
        """
        full = first_header(header, definition, number, FIRST_REVISION)
        return cls._create(
            cls.Created,
            id=report_id,
            timestamp=at,
            report_type=definition.slug,
            type_version=definition.version,
            document_number=number,
            title=full["document_title"],
            project_reference=full["project_reference"],
            client_name=full["client_name"],
            owner=owner,
            revision=FIRST_REVISION,
            header=full,
        )

    def issue_revision(
        self,
        at: datetime,
        by: UUID,
        rendering: Rendering,
        issue_status: IssueStatus,
        recipients: Sequence[Recipient],
    ) -> None:
        """Send the approved document out; from now on the revision does not change.

        Raises:
            WrongStatus: it is not approved, or was issued before.
            RenderingStale: the rendering is not the finished, final document of what was approved.
            InvalidField: nobody, or nobody who can be reached, is to receive it.
        """
        if self.status is not Status.APPROVED:
            raise WrongStatus(f"Revision {self.revision} is {self.status.spoken}, not approved.")
        document = rendering.document
        if document is None or rendering.kind is not Kind.FINAL or not self._is_of_this(rendering):
            raise RenderingStale("This is not the finished, final document of what was approved.")
        require_recipients(recipients)
        self.trigger_event(
            self.RevisionIssued,
            timestamp=at,
            revision=self.revision,
            rendering_id=rendering.id,
            document_digest=document.digest,
            issue_status=issue_status,
            recipients=tuple(recipients),
            by=by,
        )

    def archive(self, at: datetime, by: UUID, policy: RetentionPolicy, reason: str) -> None:
        """Keep what was issued for the time that the policy gives it.

        Raises:
            ReportDisposed, WrongStanding: it is in the archive, or was never issued.
            NoRetentionRule: the policy says nothing of its type.
            ReasonRequired: the reason says nothing.
        """
        self.require_not_disposed()
        if self.standing is not Standing.ACTIVE or self.issued_at is None:
            spoken = self.status.spoken if self.standing is Standing.ACTIVE else self.standing
            raise WrongStanding(f"Only an issued report in use is archived; this one is {spoken}.")
        years = policy.rule_for(self.report_type).years
        require_reason(reason)
        self.trigger_event(
            self.Archived,
            timestamp=at,
            policy_version=policy.policy_version,
            retention_until=retained_until(self.issued_at, years),
            reason=reason,
            by=by,
        )

    def dispose(self, at: datetime) -> None:
        """Carry out what two people have agreed on: from now on only the tombstone stands.

        Raises:
            NotProposed: it was not agreed on, or not any more.
            NotDueYet: it can still be declined.
            ReportDisposed, WrongStanding, RetentionRuns, OnLegalHold: it is to be kept.
        """
        retention, proposal = self.require_disposable(at), self.require_proposed()
        if proposal.not_before is None or proposal.approved_by is None or self.issue is None:
            raise NotProposed("No second person has agreed to dispose of the report.")
        require_due(at, proposal.not_before)
        tombstone = Tombstone(
            document_number=self.document_number,
            report_type=self.report_type,
            revision=self.revision,
            content_digest=self.content_digest,
            document_digest=self.issue.document_digest,
            issued_at=self.issued_at or self.created_on,
            policy_version=retention.policy_version,
            retention_until=retention.until,
            proposed_by=proposal.by,
            approved_by=proposal.approved_by,
            reason=proposal.reason,
        )
        self.trigger_event(
            self.Disposed, timestamp=at, tombstone=tombstone, tombstone_digest=tombstone.digest
        )

    def _is_of_this(self, rendering: Rendering) -> bool:
        this = (self.id, self.revision, self.content_digest)
        return this == (rendering.report_id, rendering.revision, rendering.content_digest)

    @property
    def current_digest(self) -> str:
        """The digest of the content as it is now: the frozen one, once there is one."""
        return self.content_digest or digest_of(self.section_digests)
