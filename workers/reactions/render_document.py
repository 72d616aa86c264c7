"""A document that was ordered, or that an operator takes up again, is made."""

from __future__ import annotations

from collections.abc import Sequence

from countersign.aggregates.rendering import Rendering
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.kinds import RENDER_DOCUMENT, RENDERING


def render_document(happened: Happened) -> Sequence[Wanted]:
    """RenderingRequested, RenderingRetriedByOperator: make it."""
    if not isinstance(happened.event, Rendering.Created | Rendering.Retried):
        return ()
    rendering_id = str(happened.stream)
    payload = {"rendering_id": rendering_id}
    return (Wanted(queue=RENDERING, kind=RENDER_DOCUMENT, target=rendering_id, payload=payload),)
