"""Fills the tables of a build from the log, as fast as one process can.

Three things go on at once: the next page is read, this one is folded in memory, the one before is written.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from sqlalchemy import Connection

from countersign.eventstore.databases import Database
from countersign.eventstore.log import Recorded
from countersign.eventstore.mapper import Happened
from countersign.projections.building.placing import Placed
from countersign.projections.building.rarely_collecting import rarely_collecting
from countersign.projections.building.side_by_side import Feed
from countersign.projections.folding.bulk_write import write
from countersign.projections.folding.changes import Changes
from countersign.projections.folding.loading_rows import LoadingRows
from countersign.projections.following.pages import Decode
from countersign.projections.projection import Projection

Move = Callable[[Connection, int], None]
"""Moves the build to a position in the transaction of its rows, or raises because it is not its owner's."""

_PAGE_BYTES: Final = 8 * 1024 * 1024
_REMEMBERED: Final = 1_000
"""Rows of a table; those of the last two pages are kept at least."""


def bulk_load(
    read: Database,
    feed: Feed,
    projection: Projection,
    placed: Placed,
    move: Move,
    after: int,
    up_to: int,
) -> Generator[int, None, None]:
    """Take the events behind a position and up to another; yields each position once it is committed.

    Nobody else writes these tables meanwhile. When a page cannot be taken, all before it is committed and
    nothing of it. `move` is called in another thread.

    Raises:
        whatever decoding, the projection, the database or `move` raise.
    """
    with (
        rarely_collecting(),
        ThreadPoolExecutor(1, "reading") as reading,
        ThreadPoolExecutor(1, "writing") as writing,
    ):
        load = _Load(read, projection, placed, move, writing, _REMEMBERED)
        concerned = _Concerned(projection, feed.decode)
        for page in _pages(reading, feed, after, up_to):
            load.fold(concerned(page))
            yield from load.reached()
            load.commit(page[-1].position)
        load.settle()
        yield from load.reached()


def _pages(reading: ThreadPoolExecutor, feed: Feed, after: int, up_to: int) -> Iterator[Sequence[Recorded]]:
    following = reading.submit(feed.log.read, after, min(feed.most, up_to - after))
    while page := following.result():
        after = page[-1].position
        following = reading.submit(feed.log.read, after, min(_fitting(page, feed.most), up_to - after))
        yield page


def _fitting(page: Sequence[Recorded], most: int) -> int:
    """How many events are about as much as is kept in memory, if they are like those."""
    size_bytes = sum(len(recorded.state) for recorded in page)
    return max(1, min(most, _PAGE_BYTES * len(page) // size_bytes))


class _Concerned:
    """Decodes what a projection takes, and the first event of every other topic: is it known at all?"""

    def __init__(self, projection: Projection, decode: Decode) -> None:
        self._topics = projection.topics()
        self._decode = decode
        self._passed_over: set[str] = set()

    def __call__(self, page: Sequence[Recorded]) -> list[Happened]:
        events = []
        for recorded in page:
            if recorded.topic not in self._passed_over:
                happened = self._decode(recorded)
                if self._topics is None or recorded.topic in self._topics:
                    events.append(happened)
                else:
                    self._passed_over.add(recorded.topic)
        return events


class _Load:
    def __init__(
        self,
        read: Database,
        projection: Projection,
        placed: Placed,
        move: Move,
        writing: ThreadPoolExecutor,
        remember: int,
    ) -> None:
        self._read = read
        self._projection = projection
        self._move = move
        self._writing = writing
        self._rows = LoadingRows(read, self.settle, placed, remember)
        self._under_way: Future[int] | None = None
        self._reached: list[int] = []

    def fold(self, events: Sequence[Happened]) -> None:
        self._projection.fold(events, self._rows)
        self._changes = self._rows.changes()

    def commit(self, position: int) -> None:
        self.settle()
        self._under_way = self._writing.submit(self._write, self._changes, position)

    def settle(self) -> None:
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            self._reached.append(under_way.result())

    def reached(self) -> Iterator[int]:
        while self._reached:
            yield self._reached.pop(0)

    def _write(self, changes: Sequence[Changes], position: int) -> int:
        with self._read.write(synced=False) as connection:
            self._move(connection, position)
            for of_table in changes:
                write(connection, of_table)
        return position
