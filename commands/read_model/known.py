"""The read models that this installation has, and how each is built unless the order says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from countersign.aggregates.read_model import ReadModel, read_model_id
from countersign.aggregates.root import DomainError
from countersign.eventstore.store import Store


class UnknownReadModel(DomainError):
    """There is no read model of that name."""

    code = "unknown_projection"
    status = 404


class NotPartitioned(DomainError):
    """Its rows belong to several keys, so that only one process at a time can work on it."""

    code = "not_partitioned"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownReadModel:
    """`version` is that of the tables which this program makes; with `keep`, replaced builds stay."""

    version: int
    segments: int = 1
    partitioned: bool = True
    keep: bool = True

    def segmented(self, name: str, wanted: int | None) -> int:
        """Into how many segments a build is split.

        Raises:
            NotPartitioned: it is wanted in several, and cannot be split.
        """
        if wanted is None:
            return self.segments if self.partitioned else 1
        if wanted != 1 and not self.partitioned:
            raise NotPartitioned(f"{name} cannot be split into segments")
        return wanted


ReadModels = Mapping[str, KnownReadModel]


def known_read_model(name: str, models: ReadModels) -> KnownReadModel:
    """The one of that name.

    Raises:
        UnknownReadModel: there is none.
    """
    if name not in models:
        raise UnknownReadModel(f"no projection is called {name!r}, but {', '.join(models)}")
    return models[name]


def read_model_of(name: str, models: ReadModels, store: Store) -> ReadModel:
    """What was ordered about the one of that name so far.

    Raises:
        UnknownReadModel: there is none.
    """
    known_read_model(name, models)
    return store.find(ReadModel, read_model_id(name)) or ReadModel.open(store.now, name)
