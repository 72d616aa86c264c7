"""An operator gives up a build that nobody has seen yet."""

from __future__ import annotations

from dataclasses import dataclass

from countersign.commands.permit import permit
from countersign.commands.read_model.known import ReadModels, read_model_of
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelRebuild:
    name: str
    build: int
    reason: str


def cancel_rebuild(command: CancelRebuild, store: Store, models: ReadModels) -> Receipt:
    """Have its tables dropped.

    Raises:
        UnknownReadModel, UnknownBuild, BuildGone, BuildShown, NotCancellable, ReasonRequired: see there.
    """
    permit(store, "CancelRebuild")
    model = read_model_of(command.name, models, store)
    model.cancel(store.now, command.build, command.reason)
    return store.save(model)
