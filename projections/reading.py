"""The few ways in which queries read a view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

from sqlalchemy import Select, Table, select

from countersign.eventstore.databases import Database
from countersign.projections.keyset import Keyset, Page

T = TypeVar("T")


def having(view: Table, shape: type[Any], **wanted: Any) -> Select[Any]:
    """The columns of a shape in the rows with these values; None means any."""
    columns = (view.c[field.name] for field in fields(shape))
    return select(*columns).where(
        *(view.c[name] == value for name, value in wanted.items() if value is not None)
    )


def one(read: Database, shape: Callable[..., T], query: Select[Any]) -> T | None:
    """The only row of a query, or None."""
    with read.read() as connection:
        row = connection.execute(query).mappings().one_or_none()
    return None if row is None else shape(**row)


def every(read: Database, shape: Callable[..., T], query: Select[Any]) -> tuple[T, ...]:
    """All rows of a query that has few."""
    with read.read() as connection:
        return tuple(shape(**row) for row in connection.execute(query).mappings())


def page(
    read: Database, shape: Callable[..., T], order: Keyset, query: Select[Any], cursor: str | None, limit: int
) -> Page[T]:
    """The rows behind the cursor.

    Raises:
        BadCursor: the cursor was not made by this order.
    """
    with read.read() as connection:
        return order.page(connection, query, cursor, limit, shape)
