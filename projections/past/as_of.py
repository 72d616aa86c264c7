"""The read tables of one projection as they were at a position of the log, in a temporary copy.

The log is replayed into plain tables in memory, under the views that every query reads: a query runs on the
copy as it runs on the live tables. An event that cannot be taken is held back with all later ones of its
key, as the live tables do it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Final

from sqlalchemy.exc import DBAPIError

from countersign.aggregates.root import DomainError
from countersign.eventstore.log import Recorded
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.projections.building.schema import create_view
from countersign.projections.following.pages import Decode, items
from countersign.projections.following.taking import CannotTake, Taking
from countersign.projections.following.unit import Unit
from countersign.projections.letters.dead_letters import Letter
from countersign.projections.letters.parked import Parked
from countersign.projections.letters.stale_keys import StaleKeys
from countersign.projections.past.in_memory import in_memory
from countersign.projections.projection import Projection

Pages = Callable[[int], Sequence[Recorded]]
"""The next events of a replay behind a position; none at its end."""

MEGABYTE: Final = 1024 * 1024
_MANY: Final = 1_000_000  # a copy is for looking: it goes on where the live tables would be stopped


class TooMuchToReplay(DomainError):
    """The state of that moment would take too many events, or too much memory."""

    code = "too_much_to_replay"
    status = 422


class Copy:
    """The tables of a projection, filled step by step from the pages of a replay."""

    def __init__(
        self,
        projection: Projection,
        position: int,
        pages: Callable[[], Pages],
        decode: Decode,
        max_bytes: int,
    ) -> None:
        self.projection = projection
        self.position = position
        self.reached = 0
        self.complete = False
        self.closed = False
        self.letters: list[Letter] = []
        self.database = in_memory("read", max_bytes)
        self._find_pages = pages
        self._pages: Pages | None = None
        self._decode = decode
        self._parked = Parked()
        self._unit = Unit(projection, build=0, segment=0, segments=1, placed={})
        self._create()

    def fill(self, until: float) -> bool:
        """Replay what is missing; whether that was done before the clock of `monotonic` says `until`.

        Raises:
            TooMuchToReplay: these are too many events, or do not fit into the memory that they may have.
        """
        if self._pages is None:
            self._pages = self._find_pages()
        while not self.complete and monotonic() < until:
            page = self._pages(self.reached)
            if page:
                self._take(page)
                self.reached = page[-1].position
            else:
                self.complete = True
        return self.complete

    def stale(self) -> StaleKeys:
        """The keys of which events could not be taken."""
        keys = {letter.key for letter in self.letters}
        return StaleKeys(len(keys), frozenset().union(*(letter.touched for letter in self.letters)))

    def close(self) -> None:
        """Let it go."""
        self.closed = True
        self.database.connections.close()

    def _create(self) -> None:
        with self.database.write() as connection:
            for table in self.projection.tables:
                table.create(connection)
                create_view(connection, self.projection.view_name(table), table.name)
            if self.projection.dress is not None:
                self.projection.dress(connection, {table: table for table in self.projection.tables})

    def _take(self, page: Sequence[Recorded]) -> None:
        read = items(page, self._decode)
        try:
            self._fold(lambda taking: taking.at_once(read))
        except CannotTake:
            self._fold(lambda taking: taking.one_by_one(read))

    def _fold(self, take: Callable[[Taking], None]) -> None:
        try:
            with self.database.write() as connection:
                taking = Taking(connection, self._unit, self._parked.draft(), _MANY)
                take(taking)
        except DatabaseUnavailable as outage:
            if _is_full(outage):
                raise self._too_large() from outage
            raise
        self._parked.commit(taking.parked)
        self.letters += taking.letters

    def _too_large(self) -> TooMuchToReplay:
        return TooMuchToReplay(
            f"What {self.projection.name} held at position {self.position} does not fit into the memory that "
            "a temporary copy may have: ask for one key."
        )


def _is_full(outage: DatabaseUnavailable) -> bool:
    error = outage.__cause__
    driver = error.orig if isinstance(error, DBAPIError) else error
    return getattr(driver, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL
