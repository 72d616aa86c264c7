"""What the read tables hold, for comparing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from countersign.eventstore.databases import Database
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.projection import Projection, view_of


def contents(
    read: Database, projections: Iterable[Projection] = PROJECTIONS
) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, read through the views."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    with read.read() as connection:
        for projection in projections:
            for table in projection.tables:
                view = view_of(table)
                rows = connection.execute(select(view).order_by(*view.primary_key)).all()
                found[view.name] = [tuple(row) for row in rows]
    return found
