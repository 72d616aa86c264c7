"""A worker could not make a document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countersign.aggregates.rendering import FailureClass, Rendering
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class FailRendering:
    """`retry_at` is when the next attempt would be made, if the class of the failure allows one."""

    rendering_id: UUID
    failure_class: FailureClass
    message: str
    retry_at: datetime | None


def fail_rendering(command: FailRendering, store: Store) -> Receipt:
    """Note the failure; give up when there is no other attempt to make.

    Raises:
        RenderingFinished: there is nothing left to fail.
        RenderingNotRunning: no attempt was begun.
    """
    permit(store, "FailRendering")
    rendering = store.load(Rendering, command.rendering_id)
    rendering.fail(store.now, command.failure_class, command.message, command.retry_at)
    return store.save(rendering)
