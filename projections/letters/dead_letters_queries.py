"""Lists the events that read models could not take, and those that are held behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, func, select

from countersign.eventstore.databases import Database
from countersign.projections.keyset import Keyset, Page
from countersign.projections.letters.dead_letters import dead_letters
from countersign.projections.reading import every, having, page

_of: Final = dead_letters.c
_FURTHEST: Final = 2**63 - 1  # no database takes a larger number
_ORDER: Final = Keyset("position", (_of.position, _of.name, _of.build))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """One event in one build: it `failed`, or waits behind another of its key that did.

    `wanted` is what was ordered about it and not done yet: `retry`, `discard` or nothing.
    """

    name: str
    build: int
    position: int
    segment: int
    key: UUID
    stream: UUID
    version: int
    topic: str
    failed: bool
    error_class: str | None
    error: str | None
    attempts: int
    parked_at: float
    wanted: str

    @property
    def since(self) -> datetime:
        """When it was parked."""
        return datetime.fromtimestamp(self.parked_at, UTC)


def letter_page(
    read: Database, *, name: str | None = None, cursor: str | None = None, limit: int = 50
) -> Page[Parked]:
    """Letters in the order of the log; of all projections, unless one is named.

    Raises:
        BadCursor: the cursor does not come from this list.
    """
    return page(read, Parked, _ORDER, having(dead_letters, Parked, name=name), cursor, limit)


def letters_at(read: Database, name: str, position: int) -> Sequence[Parked]:
    """The event at a position, in each build of a projection that could not take it."""
    if not 0 < position <= _FURTHEST:
        return ()
    query = having(dead_letters, Parked, name=name, position=position)
    return every(read, Parked, query.order_by(_of.build))


def open_letters(connection: Connection) -> Mapping[tuple[str, int], int]:
    """How many letters each build has; one without letters is not named."""
    count = select(_of.name, _of.build, func.count()).group_by(_of.name, _of.build)
    return {(name, build): letters for name, build, letters in connection.execute(count)}
