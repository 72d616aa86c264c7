"""An operator has readers see another build of a read model."""

from __future__ import annotations

from dataclasses import dataclass

from countersign.commands.permit import permit
from countersign.commands.read_model.known import ReadModels, known_read_model, read_model_of
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPromotion:
    """`keep`: the build that is replaced can be shown again; as configured where it is None."""

    name: str
    build: int
    reason: str
    keep: bool | None = None


def order_promotion(command: OrderPromotion, store: Store, models: ReadModels) -> Receipt:
    """Order it, whatever differs.

    Raises:
        UnknownReadModel, UnknownBuild, BuildGone, BuildShown, ReasonRequired: see there.
    """
    permit(store, "OrderPromotion")
    known = known_read_model(command.name, models)
    model = read_model_of(command.name, models, store)
    keep = known.keep if command.keep is None else command.keep
    model.order_promotion(store.now, command.build, command.reason, keep=keep)
    return store.save(model)
