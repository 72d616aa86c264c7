"""An approver signs the stage that they were asked to decide on."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.report.report import Report
from countersign.aggregates.report.verdict import Approval
from countersign.commands.permit import permit
from countersign.commands.report.signing import signer_of
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveStage:
    """`content_digest` says what the approver has read."""

    report_id: UUID
    expected_version: int
    stage: int
    content_digest: str
    meaning: str
    comment: str = ""
    review_code: str = "A"


def approve_stage(command: ApproveStage, store: Store, window_s: int) -> Receipt:
    """Sign the stage; the next one opens, or the revision is approved.

    Raises:
        StaleVersion: the report has changed since it was read.
        ReauthenticationRequired: signing needs a fresh proof of identity, at most `window_s` seconds old.
        SeparationOfDuties, NotYourStage, RoleLost, StageNotOpen, AlreadySigned, DigestMismatch,
            InvalidField: as the report says.
    """
    report = store.load(Report, command.report_id, expected_version=command.expected_version)
    permit(store, "ApproveStage", assigned=[store.context.actor])  # whose turn it is, the report knows better
    approval = Approval(command.meaning, command.comment, command.review_code)
    signer = signer_of(store, window_s)
    report.approve_stage(store.now, signer, command.stage, command.content_digest, approval)
    return store.save(report)
