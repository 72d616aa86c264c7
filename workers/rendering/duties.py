"""What is done about documents."""

from __future__ import annotations

from collections.abc import Mapping

from countersign.workers.duty import Duty
from countersign.workers.equipment import Equipment
from countersign.workers.kinds import CALL_OFF_REVIEW_COPIES, ORDER_DOCUMENT, RENDER_DOCUMENT
from countersign.workers.rendering.pdf import no_pdf, to_pdf
from countersign.workers.rendering_job import RenderDocument
from countersign.workers.rendering_request import OrderDocument
from countersign.workers.review_copies import CallOffReviewCopies


def duties(equipment: Equipment) -> Mapping[str, Duty]:
    """The duties by the kind of their effects."""
    around, store = equipment.around, equipment.around.store
    return {
        ORDER_DOCUMENT: OrderDocument(equipment.issuer),
        CALL_OFF_REVIEW_COPIES: CallOffReviewCopies(around.databases.read, equipment.issuer, around.clock),
        RENDER_DOCUMENT: RenderDocument(
            store.aggregates,
            store.blobs,
            equipment.issuer,
            equipment.renderer,
            equipment.limits,
            to_pdf if equipment.options.pdf else no_pdf,
        ),
    }
