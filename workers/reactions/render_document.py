"""A document that was ordered, or that an operator takes up again, is made."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.render_order import Kind
from countersign.aggregates.rendering import Rendering
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.kinds import RENDER_DOCUMENT, RENDERING

AFTER_THE_OTHERS = 1


def render_document(happened: Happened) -> Sequence[Wanted]:
    """RenderingRequested, RenderingRetriedByOperator: make it; drafts wait for what is signed."""
    event = happened.event
    if not isinstance(event, Rendering.Created | Rendering.Retried):
        return ()
    a_draft = isinstance(event, Rendering.Created) and event.kind is Kind.DRAFT
    return (
        Wanted(
            queue=RENDERING,
            kind=RENDER_DOCUMENT,
            target=str(happened.stream),
            payload={"rendering_id": str(happened.stream)},
            priority=AFTER_THE_OTHERS if a_draft else 0,
            job=happened.stream,
        ),
    )
