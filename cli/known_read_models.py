"""What orders about read models need to know of them: their names, and how they are built."""

from __future__ import annotations

from countersign.commands.read_model.known import KnownReadModel, ReadModels
from countersign.projections.catalogue import PROJECTIONS


def read_models_of() -> ReadModels:
    """Every projection of the catalogue."""
    return {each.name: KnownReadModel(version=each.version) for each in PROJECTIONS}
