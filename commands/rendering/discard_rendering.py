"""An operator lays a document aside that was given up."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.rendering import Rendering
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardRendering:
    rendering_id: UUID
    reason: str


def discard_rendering(command: DiscardRendering, store: Store) -> Receipt:
    """Lay it aside; it can still be taken up again.

    Raises:
        RenderingNotGivenUp: it was not.
        ReasonRequired: none was given.
    """
    permit(store, "DiscardRendering")
    rendering = store.load(Rendering, command.rendering_id)
    rendering.discard(store.now, store.context.actor, command.reason)
    return store.save(rendering)
