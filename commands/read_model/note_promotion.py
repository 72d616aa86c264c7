"""Readers see another build of a read model."""

from __future__ import annotations

from dataclasses import dataclass

from countersign.commands.permit import permit
from countersign.commands.read_model.known import ReadModels, read_model_of
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePromotion:
    """`replaces` is what they saw before, None for nothing; `different` rows were not as there."""

    name: str
    build: int
    replaces: int | None
    position: int
    different: int | None


def note_promotion(command: NotePromotion, store: Store, models: ReadModels) -> Receipt:
    """Note it once.

    Raises:
        UnknownReadModel: there is none of that name.
    """
    permit(store, "NotePromotion")
    model = read_model_of(command.name, models, store)
    model.note_promotion(store.now, command.build, command.replaces, command.position, command.different)
    return store.save(model)
