"""The physical tables of one build of a projection."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from sqlalchemy import MetaData, Table
from sqlalchemy.sql import quoted_name

from countersign.projections.projection import Projection

Placed = Mapping[Table, Table]
"""For each table that a projection names, the physical one that stands for it."""


@lru_cache(maxsize=512)
def placed(projection: Projection, suffix: str = "") -> Placed:
    """The tables under their names with that suffix; without one they are the projection's own."""
    return MappingProxyType({table: _beside(table, suffix) for table in projection.tables})


def _beside(table: Table, suffix: str) -> Table:
    if not suffix:
        return table
    copy = table.to_metadata(MetaData(), name=f"{table.name}{suffix}")
    for index in copy.indexes:
        name = str(index.name).removeprefix(f"{table.name}_")
        index.name = quoted_name(f"{copy.name}_{name}", quote=None)
    return copy
