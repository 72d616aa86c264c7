"""A worker has made a document."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.artifact import Artifact
from countersign.aggregates.rendering import Rendering
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteRendering:
    """The artifacts' files are stored already."""

    rendering_id: UUID
    artifacts: tuple[Artifact, ...]
    duration_ms: int


def complete_rendering(command: CompleteRendering, store: Store) -> Receipt:
    """Keep the document.

    Raises:
        RenderingFinished: there is another one already.
        RenderingNotRunning: no attempt was begun.
    """
    permit(store, "CompleteRendering")
    rendering = store.load(Rendering, command.rendering_id)
    rendering.complete(store.now, command.artifacts, command.duration_ms)
    return store.save(rendering)
