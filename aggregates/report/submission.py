"""From draft to review and back: approvers, the author's signature, withdrawal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from countersign.aggregates.canonical_json import digest_of
from countersign.aggregates.report.readiness import GATES, gaps_in_content
from countersign.aggregates.report.refusals import NotReady, WithdrawalTooLate, WrongStatus
from countersign.aggregates.report.remarks import require_reason, require_text
from countersign.aggregates.report.route import (
    Assigned,
    Stage,
    gaps_in_route,
    require_eligible,
    route_stage,
    stages_of,
)
from countersign.aggregates.report.signature import AUTHOR_STAGE, AUTHORSHIP, Signer
from countersign.aggregates.report.signing import Signing, thaw
from countersign.aggregates.report.status import EDITABLE, Status
from countersign.aggregates.role import Role
from countersign.aggregates.root import Root
from countersign.aggregates.roster import Roster
from countersign.aggregates.template import Pinned
from countersign.aggregates.type_definition import TypeDefinition


@dataclass(frozen=True, slots=True)
class Gates:
    """What the gates of a submission are judged by, besides the report itself.

    `contents` are the sections' contents by key; `template` is what renders the revision from now on.
    """

    definition: TypeDefinition
    contents: Mapping[str, Any]
    roster: Roster
    template: Pinned | None


class Submission(Signing):
    """The author's word that the revision is complete, and the way to take it back."""

    approvers: tuple[Assigned, ...] = ()
    template: Pinned | None = None

    class ApproverAssigned(Root.Event):
        TOPIC = "report.approver_assigned"
        stage: int
        role: Role
        approver: UUID

        def apply(self, report: Submission) -> None:
            others = (each for each in report.approvers if each.stage != self.stage)
            assigned = Assigned(self.stage, self.role, self.approver)
            report.approvers = tuple(sorted((*others, assigned), key=lambda each: each.stage))

    class RevisionSubmitted(Root.Event):
        TOPIC = "report.revision_submitted"
        class_version = 2
        revision: str
        content_digest: str
        section_digests: Mapping[str, str]
        stages: tuple[Stage, ...]
        gates_passed: tuple[str, ...]
        template: UUID
        template_version: int
        template_digest: str
        comment: str

        def apply(self, report: Submission) -> None:
            report.status = Status.IN_REVIEW
            report.content_digest = self.content_digest
            report.stages = self.stages
            report.template = Pinned(self.template, self.template_version, self.template_digest)

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            for stage in state["stages"]:
                stage.update(reminder_hours=[], escalate_to=None)

    class SubmissionWithdrawn(Root.Event):
        TOPIC = "report.submission_withdrawn"
        revision: str
        reason: str
        by: UUID

        def apply(self, report: Submission) -> None:
            thaw(report, Status.DRAFT)

    def assign_approver(
        self, at: datetime, stage: int, approver: UUID, definition: TypeDefinition, roster: Roster
    ) -> None:
        """Ask a person to decide on a stage; asking the same person again changes nothing.

        Raises:
            Locked: the revision is not being written.
            UnknownStage, NotEligible, PreparerIsApprover, OnePersonOneStage: and why.
        """
        self.require_editable()
        wanted = route_stage(definition, stage)
        require_eligible(approver, wanted, roster, self.preparers, self.approvers)
        assigned = Assigned(stage, wanted.role, approver)
        if assigned not in self.approvers:
            self.trigger_event(
                self.ApproverAssigned, timestamp=at, stage=stage, role=wanted.role, approver=approver
            )

    def submit_for_review(self, at: datetime, signer: Signer, gates: Gates, comment: str = "") -> None:
        """Freeze the content under the author's signature and open the first stage.

        Raises:
            WrongStatus: it is not being written.
            NotReady: with the full list of what is missing.
        """
        if self.status not in EDITABLE:
            raise WrongStatus(f"Revision {self.revision} is {self.status.spoken} already.")
        require_text(comment, "comment")
        gaps, template = tuple(self._gaps(signer, gates)), gates.template
        if gaps or template is None:
            raise NotReady(f"Revision {self.revision} is not complete: {len(gaps)} gaps.", gaps)
        self._freeze(at, gates.definition, template, comment)
        self._sign(at, AUTHOR_STAGE, signer, AUTHORSHIP)
        self._open(at, self.stages[0])

    def withdraw(self, at: datetime, by: UUID, reason: str, *, administrator: bool) -> None:
        """Take the revision back into draft; its signatures fall.

        Raises:
            WrongStatus: it is not in review.
            WithdrawalTooLate: somebody has approved it, and `by` is no administrator.
            ReasonRequired: the reason says nothing.
        """
        if self.status is not Status.IN_REVIEW:
            raise WrongStatus(f"Revision {self.revision} is {self.status.spoken}, not in review.")
        if not administrator and any(each.stage != AUTHOR_STAGE for each in self.signatures):
            raise WithdrawalTooLate("Somebody has approved the revision: ask an administrator.")
        require_reason(reason)
        self.trigger_event(
            self.SubmissionWithdrawn, timestamp=at, revision=self.revision, reason=reason, by=by
        )
        self._invalidate_approvals(at, "submission_withdrawn")

    def _gaps(self, signer: Signer, gates: Gates) -> Iterator[tuple[str, str]]:
        preparers = {*self.preparers, signer.account}
        yield from gaps_in_content(gates.definition, self.header, gates.contents)
        yield from gaps_in_route(gates.definition, self.approvers, gates.roster, preparers)
        if gates.template is None:
            yield "/template", "has no version in force: an administrator installs one"

    def _freeze(self, at: datetime, definition: TypeDefinition, template: Pinned, comment: str) -> None:
        self.trigger_event(
            self.RevisionSubmitted,
            timestamp=at,
            revision=self.revision,
            content_digest=digest_of(self.section_digests),
            section_digests=self.section_digests,
            stages=stages_of(definition, self.approvers),
            gates_passed=GATES,
            template=template.template,
            template_version=template.template_version,
            template_digest=template.digest,
            comment=comment,
        )
