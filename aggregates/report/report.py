"""The report: its beginning and its end. What lies between stands in the files beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from countersign.aggregates.canonical_json import digest_of
from countersign.aggregates.render_order import Kind
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.report.deadlines import Deadlines
from countersign.aggregates.report.header import first_header
from countersign.aggregates.report.recipient import Recipient, require_recipients
from countersign.aggregates.report.refusals import RenderingStale, WrongStatus
from countersign.aggregates.report.status import Status
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


class Report(Deadlines):
    """A controlled document: edited in draft, frozen in review, immutable once issued."""

    TOPIC = "report"
    issue: Issue | None = None

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

    def _is_of_this(self, rendering: Rendering) -> bool:
        this = (self.id, self.revision, self.content_digest)
        return this == (rendering.report_id, rendering.revision, rendering.content_digest)

    @property
    def current_digest(self) -> str:
        """The digest of the content as it is now: the frozen one, once there is one."""
        return self.content_digest or digest_of(self.section_digests)
