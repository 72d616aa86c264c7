"""A second person agrees that a read model goes on without an event."""

from __future__ import annotations

from dataclasses import dataclass

from countersign.commands.permit import permit, responsible_account
from countersign.commands.read_model.known import ReadModels, read_model_of
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveDiscard:
    name: str
    position: int
    reason: str


def approve_discard(command: ApproveDiscard, store: Store, models: ReadModels) -> Receipt:
    """Order it.

    Raises:
        UnknownReadModel, NoDiscardProposed, SecondPersonRequired, ReasonRequired: see there.
    """
    permit(store, "ApproveDiscard")
    model = read_model_of(command.name, models, store)
    model.approve_discard(store.now, command.position, responsible_account(store), command.reason)
    return store.save(model)
