"""An operator wants a read model to go on without an event that it cannot take."""

from __future__ import annotations

from dataclasses import dataclass

from countersign.commands.permit import permit, responsible_account
from countersign.commands.read_model.known import ReadModels, read_model_of
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeDiscard:
    name: str
    position: int
    reason: str


def propose_discard(command: ProposeDiscard, store: Store, models: ReadModels) -> Receipt:
    """Ask a second person.

    Raises:
        UnknownReadModel, DiscardAlreadyProposed, ReasonRequired: see there.
    """
    permit(store, "ProposeDiscard")
    model = read_model_of(command.name, models, store)
    model.propose_discard(store.now, command.position, responsible_account(store), command.reason)
    return store.save(model)
