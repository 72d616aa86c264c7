"""What orders about read models need to know of them: their names, and how they are built."""

from __future__ import annotations

from countersign.commands.read_model.known import KnownReadModel, ReadModels
from countersign.config.settings import Settings
from countersign.projections.catalogue import PROJECTIONS


def segments_of(settings: Settings) -> dict[str, int]:
    """The number of segments of each projection that is split."""
    entries = (entry.partition("=") for entry in settings.projections.segments)
    return {name: int(number) for name, _, number in entries}


def read_models_of(settings: Settings) -> ReadModels:
    """Every projection of the catalogue, as these settings have it built."""
    segments, keep = segments_of(settings), settings.projections.keep_replaced
    return {
        each.name: KnownReadModel(
            version=each.version,
            segments=segments.get(each.name, 1),
            partitioned=each.partitioned,
            keep=keep,
        )
        for each in PROJECTIONS
    }
