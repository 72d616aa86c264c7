"""A read model: the tables it keeps and the function that keeps them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import MetaData, Table

from countersign.eventstore.mapper import Happened
from countersign.projections.rows import Rows


class Project(Protocol):
    """A `functools.singledispatch` over the event's class; what it has no case for does not concern it."""

    def __call__(self, event: Any, meta: Happened, rows: Rows) -> None:
        """Write the rows that follow from an event, from nothing but the event and the rows."""
        ...

    def dispatch(self, cls: Any) -> Callable[..., None]:
        """The case for a class."""
        ...


class CannotProject(Exception):
    """An event that a projection cannot take; the cause is chained."""

    def __init__(self, projection: str, position: int, why: str) -> None:
        super().__init__(f"{projection} stopped at position {position}: {why}")
        self.projection = projection
        self.position = position
        self.why = why


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """Its version is in the names of its tables: another version is another set of tables."""

    name: str
    version: int
    project: Project
    tables: tuple[Table, ...]

    def fold(self, events: Sequence[Happened], rows: Rows) -> int:
        """Take events in their order; how many of them concerned it."""
        passed_over = self.project.dispatch(object)
        concerned = 0
        for meta in events:
            handle = self.project.dispatch(type(meta.event))
            if handle is not passed_over:
                handle(meta.event, meta, rows)
                concerned += 1
        return concerned

    def view_name(self, table: Table) -> str:
        """What readers call one of its tables."""
        return table.name.removesuffix(f"_v{self.version}")


def view_of(table: Table) -> Table:
    """What queries read: the view that hides the version of a table."""
    name, _, version = table.name.rpartition("_v")
    if not version.isdecimal():
        raise ValueError(f"{table.name} does not end in its version")
    return table.to_metadata(MetaData(), name=name)
