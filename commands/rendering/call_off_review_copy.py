"""Nobody needs the review copy of a revision that was sent back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.render_order import Kind
from countersign.aggregates.rendering import OPEN, Rendering
from countersign.aggregates.report.report import Report
from countersign.aggregates.report.status import EDITABLE
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store

REASON = "changes were requested"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOffReviewCopy:
    rendering_id: UUID


def call_off_review_copy(command: CallOffReviewCopy, store: Store) -> Receipt:
    """Have it not made, unless it is finished, or the same content was submitted again meanwhile."""
    permit(store, "CallOffReviewCopy")
    rendering = store.load(Rendering, command.rendering_id)
    report = store.guard(Report, rendering.report_id)
    is_pending = rendering.kind is Kind.REVIEW and rendering.status in OPEN
    if is_pending and report.status in EDITABLE:
        rendering.cancel(store.now, store.context.actor, REASON)
    return store.save(rendering)
