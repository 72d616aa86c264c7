"""An operator has the tables of a read model made anew from the log."""

from __future__ import annotations

from dataclasses import dataclass

from countersign.aggregates.read_model_builds import Promote
from countersign.commands.permit import permit
from countersign.commands.read_model.known import ReadModels, known_read_model, read_model_of
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRebuild:
    """`segments` and `keep` are as configured where they are None."""

    name: str
    reason: str
    segments: int | None = None
    promote: Promote = Promote.EQUAL
    keep: bool | None = None


def order_rebuild(command: OrderRebuild, store: Store, models: ReadModels) -> Receipt:
    """Order it, in the version of the tables that this program makes.

    Raises:
        UnknownReadModel, NotPartitioned, InvalidSegments, RebuildUnderWay, ReasonRequired: see there.
    """
    permit(store, "OrderRebuild")
    known = known_read_model(command.name, models)
    model = read_model_of(command.name, models, store)
    model.order_rebuild(
        store.now,
        known.version,
        known.segmented(command.name, command.segments),
        command.promote,
        command.reason,
        keep=known.keep if command.keep is None else command.keep,
    )
    return store.save(model)
