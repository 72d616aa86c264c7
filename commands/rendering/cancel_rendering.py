"""An operator has a document not made."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.rendering import Rendering
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRendering:
    rendering_id: UUID
    reason: str


def cancel_rendering(command: CancelRendering, store: Store) -> Receipt:
    """Have it not made; a worker that is at it stops.

    Raises:
        RenderingFinished: there is nothing left to cancel.
        ReasonRequired: none was given.
    """
    permit(store, "CancelRendering")
    rendering = store.load(Rendering, command.rendering_id)
    rendering.cancel(store.now, store.context.actor, command.reason)
    return store.save(rendering)
