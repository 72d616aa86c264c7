"""An operator takes up again a document that was given up."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.rendering import Rendering
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryRendering:
    rendering_id: UUID


def retry_rendering(command: RetryRendering, store: Store) -> Receipt:
    """Put it in the queue again, with all its attempts.

    Raises:
        RenderingNotGivenUp: it is not a dead letter.
    """
    permit(store, "RetryRendering")
    rendering = store.load(Rendering, command.rendering_id)
    rendering.retry(store.now, store.context.actor)
    return store.save(rendering)
