"""An operator lets a read model stand still."""

from __future__ import annotations

from dataclasses import dataclass

from countersign.commands.permit import permit
from countersign.commands.read_model.known import ReadModels, read_model_of
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseProjection:
    name: str
    reason: str


def pause_projection(command: PauseProjection, store: Store, models: ReadModels) -> Receipt:
    """Order it; it is read as it stands, and says so.

    Raises:
        UnknownReadModel, AlreadyPaused, ReasonRequired: see there.
    """
    permit(store, "PauseProjection")
    model = read_model_of(command.name, models, store)
    model.pause(store.now, command.reason)
    return store.save(model)
