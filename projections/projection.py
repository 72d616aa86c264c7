"""A read model: the tables it keeps and the function that keeps them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection, MetaData, Table

from countersign.eventstore.mapper import Happened
from countersign.projections.folding.rows import Rows

Dress = Callable[[Connection, Mapping[Table, Table]], None]
"""Adds to physical tables what a column list cannot say, such as an index of one dialect."""


class Project(Protocol):
    """A `functools.singledispatch` over the event's class; what it has no case for does not concern it."""

    def __call__(self, event: Any, meta: Happened, rows: Rows) -> None:
        """Write the rows that follow from an event, from nothing but the event and the rows."""
        ...

    def dispatch(self, cls: Any) -> Callable[..., None]:
        """The case for a class."""
        ...

    @property
    def registry(self) -> Mapping[Any, Any]:
        """Each class that has a case of its own."""
        ...


def stream_of(happened: Happened) -> UUID:
    """What the rows of an event hang on, unless a projection says otherwise."""
    return happened.stream


def nothing_else(_happened: Happened) -> tuple[UUID, ...]:
    """Most events touch no rows but those of their key."""
    return ()


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """Its version is in the names of its tables: another version is another set of tables.

    Events of different `key` never touch the same row, unless it cannot be `partitioned`: then `also` names
    the other keys whose rows an event reads or writes.
    """

    name: str
    version: int
    project: Project
    tables: tuple[Table, ...]
    key: Callable[[Happened], UUID] = stream_of
    also: Callable[[Happened], tuple[UUID, ...]] = nothing_else
    partitioned: bool = True
    dress: Dress | None = None

    def fold(self, events: Sequence[Happened], rows: Rows) -> int:
        """Take events in their order; how many of them concerned it."""
        passed_over = self.project.dispatch(object)
        cases: dict[type, Callable[..., None]] = {}
        concerned = 0
        for meta in events:
            kind = type(meta.event)
            handle = cases.get(kind) or cases.setdefault(kind, self.project.dispatch(kind))
            if handle is not passed_over:
                handle(meta.event, meta, rows)
                concerned += 1
        return concerned

    def topics(self) -> frozenset[str] | None:
        """The topics of the events that concern it; None when any may."""
        topics = [getattr(event, "TOPIC", None) for event in self.project.registry if event is not object]
        return None if None in topics else frozenset(str(topic) for topic in topics)

    def concerns(self, topic: str) -> bool:
        """Whether an event of that topic may change one of its rows."""
        topics = self.topics()
        return topics is None or topic in topics

    def view_name(self, table: Table) -> str:
        """What readers call one of its tables."""
        return table.name.removesuffix(f"_v{self.version}")


def view_of(table: Table) -> Table:
    """What queries read: the view that hides the version of a table."""
    name, _, version = table.name.rpartition("_v")
    if not version.isdecimal():
        raise ValueError(f"{table.name} does not end in its version")
    return table.to_metadata(MetaData(), name=name)
