"""An operator has the tables of a build dropped that readers do not see."""

from __future__ import annotations

from dataclasses import dataclass

from countersign.commands.permit import permit
from countersign.commands.read_model.known import ReadModels, read_model_of
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRetirement:
    name: str
    build: int
    reason: str


def order_retirement(command: OrderRetirement, store: Store, models: ReadModels) -> Receipt:
    """Order it.

    Raises:
        UnknownReadModel, UnknownBuild, BuildGone, BuildShown, ReasonRequired: see there.
    """
    permit(store, "OrderRetirement")
    model = read_model_of(command.name, models, store)
    model.order_retirement(store.now, command.build, command.reason)
    return store.save(model)
