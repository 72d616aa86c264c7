"""An operator has a read model try events again that it could not take."""

from __future__ import annotations

from dataclasses import dataclass

from countersign.commands.permit import permit
from countersign.commands.read_model.known import ReadModels, read_model_of
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryLetters:
    name: str
    positions: tuple[int, ...]
    reason: str


def retry_letters(command: RetryLetters, store: Store, models: ReadModels) -> Receipt:
    """Order it; no position stands for all of them.

    Raises:
        UnknownReadModel, ReasonRequired: see there.
    """
    permit(store, "RetryLetters")
    model = read_model_of(command.name, models, store)
    model.retry_letters(store.now, command.positions, command.reason)
    return store.save(model)
