"""What stands under a revision: signatures on one digest, and the stage whose turn it is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from countersign.aggregates.report.draft import Draft
from countersign.aggregates.report.route import OpenStage, Stage
from countersign.aggregates.report.signature import AUTHOR_STAGE, Signature, Signer
from countersign.aggregates.report.status import Status
from countersign.aggregates.role import Role
from countersign.aggregates.root import Root, event_id


class Signing(Draft):
    """Signatures refer to a frozen digest; when the content opens again, every one of them falls."""

    content_digest: str = ""
    stages: tuple[Stage, ...] = ()
    open_stage: OpenStage | None = None
    signatures: tuple[Signature, ...] = ()

    class SignatureApplied(Root.Event):
        TOPIC = "report.signature_applied"
        signature_id: UUID
        revision: str
        stage: int
        signer: UUID
        printed_name: str
        role: Role
        meaning: str
        content_digest: str
        factors: tuple[str, ...]
        authenticated_at: datetime

        def apply(self, report: Signing) -> None:
            signature = Signature(
                signature_id=self.signature_id,
                stage=self.stage,
                signer=self.signer,
                printed_name=self.printed_name,
                role=self.role,
                meaning=self.meaning,
                content_digest=self.content_digest,
                signed_at=self.timestamp,
            )
            report.signatures = (*report.signatures, signature)

    class StageOpened(Root.Event):
        TOPIC = "report.stage_opened"
        class_version = 2
        revision: str
        stage: int
        role: Role
        approver: UUID
        due_at: datetime
        remind_at: tuple[datetime, ...]

        def apply(self, report: Signing) -> None:
            report.open_stage = OpenStage(self.stage, self.timestamp, self.due_at, self.remind_at)

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            state["remind_at"] = []

    class ApprovalsInvalidated(Root.Event):
        TOPIC = "report.approvals_invalidated"
        revision: str
        signatures: tuple[UUID, ...]
        cause: str

        def apply(self, report: Signing) -> None:
            report.signatures = ()

    def _sign(self, at: datetime, stage: int, signer: Signer, meaning: str) -> None:
        self.trigger_event(
            self.SignatureApplied,
            timestamp=at,
            signature_id=event_id(self.id, self.version + 1),
            revision=self.revision,
            stage=stage,
            signer=signer.account,
            printed_name=signer.printed_name,
            role=signer.role,
            meaning=meaning,
            content_digest=self.content_digest,
            factors=signer.factors,
            authenticated_at=signer.authenticated_at,
        )

    def _open(self, at: datetime, stage: Stage) -> None:
        self.trigger_event(
            self.StageOpened,
            timestamp=at,
            revision=self.revision,
            stage=stage.n,
            role=stage.role,
            approver=stage.approver,
            due_at=stage.due_at(at),
            remind_at=stage.remind_at(at),
        )

    def _invalidate_approvals(self, at: datetime, cause: str) -> None:
        self.trigger_event(
            self.ApprovalsInvalidated,
            timestamp=at,
            revision=self.revision,
            signatures=tuple(signature.signature_id for signature in self.signatures),
            cause=cause,
        )

    @property
    def preparers(self) -> Collection[UUID]:
        """Who wrote the revision and may not approve it: the owner, and the author who signed it."""
        authors = (each.signer for each in self.signatures if each.stage == AUTHOR_STAGE)
        return {self.owner, *authors}


def thaw(report: Signing, status: Status) -> None:
    """The part of a fold that opens the content again."""
    report.status = status
    report.content_digest = ""
    report.stages = ()
    report.open_stage = None
