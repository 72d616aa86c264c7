"""The approvers' part: each in turn approves what was frozen, or sends it back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from countersign.aggregates.report.refusals import (
    AlreadySigned,
    DigestMismatch,
    NotYourStage,
    RoleLost,
    SeparationOfDuties,
    StageNotOpen,
    UnknownStage,
)
from countersign.aggregates.report.remarks import Item
from countersign.aggregates.report.route import OpenStage, Stage
from countersign.aggregates.report.signature import Signer
from countersign.aggregates.report.signing import thaw
from countersign.aggregates.report.status import Status
from countersign.aggregates.report.submission import Submission
from countersign.aggregates.report.verdict import Approval, ChangeRequest
from countersign.aggregates.role import Role
from countersign.aggregates.root import Disposable, Root


class Review(Submission):
    """Stages in order, one person each, never the preparer."""

    class StageApproved(Root.Event):
        TOPIC = "report.stage_approved"
        revision: str
        stage: int
        approver: UUID
        review_code: str
        comment: str
        duration_s: int

        def apply(self, report: Review) -> None:
            report.open_stage = None

    class RevisionApproved(Root.Event):
        TOPIC = "report.revision_approved"
        revision: str
        content_digest: str

        def apply(self, report: Review) -> None:
            report.status = Status.APPROVED

    class ChangesRequested(Root.Event):
        TOPIC = "report.changes_requested"
        class_version = 2
        revision: str
        stage: int
        by: UUID
        reason: str
        items: Disposable[tuple[Item, ...]]
        review_code: str

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            """Items that were stored before they were sealed are read as they stand."""

        def apply(self, report: Review) -> None:
            thaw(report, Status.CHANGES_REQUESTED)

    def approve_stage(
        self, at: datetime, signer: Signer, stage: int, content_digest: str, approval: Approval
    ) -> None:
        """Sign a stage; the next one opens, or the revision is approved.

        Raises:
            SeparationOfDuties, NotYourStage, RoleLost: the signer may not.
            StageNotOpen, AlreadySigned: it is not the turn of the stage.
            DigestMismatch: the signer has read something else.
            InvalidField: no meaning is given, or no review code of an approval.
        """
        turn = self._turn(stage, signer.account, signer.role)
        if content_digest != self.content_digest:
            raise DigestMismatch("The content that you have read is not the one to be signed: read it again.")
        approval.require_sound()
        self._sign(at, stage, signer, approval.meaning)
        self.trigger_event(
            self.StageApproved,
            timestamp=at,
            revision=self.revision,
            stage=stage,
            approver=signer.account,
            review_code=approval.review_code,
            comment=approval.comment,
            duration_s=int((at - turn.opened_at).total_seconds()),
        )
        self._go_on(at, stage)

    def request_changes(self, at: datetime, by: UUID, role: Role, stage: int, request: ChangeRequest) -> None:
        """Send the revision back to its author; every signature under it falls.

        Raises:
            SeparationOfDuties, NotYourStage, RoleLost, StageNotOpen, AlreadySigned: it is not theirs to
                decide.
            ReasonRequired: the reason says nothing.
            InvalidField: an item says nothing, or no review code of a return is given.
        """
        self._turn(stage, by, role)
        request.require_sound()
        self.trigger_event(
            self.ChangesRequested,
            timestamp=at,
            revision=self.revision,
            stage=stage,
            by=by,
            reason=request.reason,
            items=request.items,
            review_code=request.review_code,
        )
        self._invalidate_approvals(at, "changes_requested")

    def _go_on(self, at: datetime, stage: int) -> None:
        later = [each for each in self.stages if each.n > stage]
        if later:
            self._open(at, later[0])
        else:
            self.trigger_event(
                self.RevisionApproved,
                timestamp=at,
                revision=self.revision,
                content_digest=self.content_digest,
            )

    def _turn(self, stage: int, actor: UUID, role: Role) -> OpenStage:
        """The open stage, if it is this one and this person's."""
        if self.status is not Status.IN_REVIEW:
            raise StageNotOpen(f"Revision {self.revision} is {self.status.spoken}, not in review.")
        if actor in self.preparers:
            raise SeparationOfDuties("Whoever prepared a report takes no part in approving it.")
        if any(each.signer == actor for each in self.signatures):
            raise AlreadySigned("You have signed this revision already.")
        asked = self._stage(stage)
        if actor != asked.approver:
            raise NotYourStage(f"Another person decides on stage {stage}.")
        if role is not asked.role:
            raise RoleLost(f"Stage {stage} needs a {asked.role}, which you are not any more.")
        if self.open_stage is None or self.open_stage.n != stage:
            raise StageNotOpen(f"Stage {stage} waits for the stages before it.")
        return self.open_stage

    def _stage(self, stage: int) -> Stage:
        for each in self.stages:
            if each.n == stage:
                return each
        raise UnknownStage(f"The route has stages 1 to {len(self.stages)}.", (("/stage", "unknown"),))
