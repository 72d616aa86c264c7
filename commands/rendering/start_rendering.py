"""A worker begins an attempt at a document."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.rendering import Rendering
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRendering:
    rendering_id: UUID
    worker: str


def start_rendering(command: StartRendering, store: Store) -> Receipt:
    """Note the attempt before the work.

    Raises:
        RenderingFinished: there is nothing left to do.
    """
    permit(store, "StartRendering")
    rendering = store.load(Rendering, command.rendering_id)
    rendering.start(store.now, command.worker)
    return store.save(rendering)
