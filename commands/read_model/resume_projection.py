"""An operator lets a read model go on."""

from __future__ import annotations

from dataclasses import dataclass

from countersign.commands.permit import permit
from countersign.commands.read_model.known import ReadModels, read_model_of
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeProjection:
    name: str
    reason: str


def resume_projection(command: ResumeProjection, store: Store, models: ReadModels) -> Receipt:
    """Order it; also of one that has stopped by itself.

    Raises:
        UnknownReadModel, ReasonRequired: see there.
    """
    permit(store, "ResumeProjection")
    model = read_model_of(command.name, models, store)
    model.resume(store.now, command.reason)
    return store.save(model)
