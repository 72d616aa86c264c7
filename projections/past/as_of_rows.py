"""The rows of a projection as plain values: all, or those of one key."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Table, false, or_, select

from countersign.eventstore.databases import Database
from countersign.projections.folding.row import Row
from countersign.projections.past.as_of_keys import keyed, main_table
from countersign.projections.projection import Projection, view_of

_view_of: Final = lru_cache(maxsize=256)(view_of)


def rows_of(read: Database, projection: Projection, key: UUID | None = None) -> Mapping[str, list[Row]]:
    """The rows of each of its views in the order of their keys, in the live tables or in a copy."""
    with read.read() as connection:
        return {
            projection.view_name(table): [
                dict(row) for row in connection.execute(_query(projection, table, key)).mappings()
            ]
            for table in projection.tables
        }


def _query(projection: Projection, table: Table, key: UUID | None) -> Any:
    view = _view_of(table)
    query = select(view).order_by(*view.primary_key)
    return query if key is None else query.where(_of_key(projection, view, key))


def _of_key(projection: Projection, view: Table, key: UUID) -> ColumnElement[bool]:
    columns = keyed(projection).columns
    direct = _names(view, columns, key)
    main = _view_of(main_table(projection))
    shared = next(iter(main.primary_key)).name
    if view.name == main.name or shared not in view.c:
        return direct
    # A side table names the row of the main table that it belongs to, not always the key itself.
    mine = select(main.c[shared]).where(_names(main, columns, key))
    return or_(direct, view.c[shared].in_(mine))


def _names(view: Table, columns: tuple[str, ...], key: UUID) -> ColumnElement[bool]:
    return or_(false(), *(view.c[name] == key for name in columns if name in view.c))
