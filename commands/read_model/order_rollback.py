"""An operator has readers see again what they saw before the last promotion."""

from __future__ import annotations

from dataclasses import dataclass

from countersign.commands.permit import permit
from countersign.commands.read_model.known import ReadModels, read_model_of
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRollback:
    name: str
    reason: str


def order_rollback(command: OrderRollback, store: Store, models: ReadModels) -> Receipt:
    """Order it; which build that is, the read model knows.

    Raises:
        UnknownReadModel, NothingToRollBackTo, ReasonRequired: see there.
    """
    permit(store, "OrderRollback")
    model = read_model_of(command.name, models, store)
    model.order_rollback(store.now, command.reason)
    return store.save(model)
