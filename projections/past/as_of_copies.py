"""Hands out the read tables as they were: in temporary copies, made while the caller waits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from threading import Lock
from time import monotonic
from uuid import UUID

from countersign.aggregates.root import DomainError
from countersign.eventstore.databases import Database
from countersign.eventstore.log import Log
from countersign.projections.following.freshness import Freshness
from countersign.projections.following.pages import Decode
from countersign.projections.past.as_of import MEGABYTE, Copy, Pages, TooMuchToReplay
from countersign.projections.past.as_of_keys import Streams, keyed
from countersign.projections.past.as_of_pages import of_streams, whole_log
from countersign.projections.past.as_of_shelf import Kept, Shelf
from countersign.projections.projection import Projection

Seat = Callable[[], AbstractContextManager[bool]]
"""A place for somebody who waits: True when there was one."""


class CopyUnderWay(DomainError):
    """The state of that moment is still being put together; what was done is kept for the next try."""

    code = "copy_under_way"
    status = 503


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyOptions:
    """What copies may cost: `cap` events each and `build_s` of a caller's time; how large one of all keys and
    one of a single key may be, how many are kept, and for how long after their last use.
    """

    cap: int = 200_000
    build_s: float = 10.0
    max_bytes: int = 192 * MEGABYTE
    max_bytes_of_key: int = 32 * MEGABYTE
    kept_whole: int = 2
    kept_keys: int = 8
    kept_s: float = 60.0


class Copies:
    """The copies of one process."""

    def __init__(
        self,
        log: Log,
        decode: Decode,
        read: Database,
        freshness: Freshness,
        projections: Iterable[Projection],
        options: CopyOptions = CopyOptions(),
    ) -> None:
        self._log = log
        self._decode = decode
        self._streams = Streams(read, freshness, options.build_s)
        self._projections = {projection.name: projection for projection in projections}
        self._options = options
        self._whole = Shelf(options.kept_whole, options.kept_s, building=Lock())
        self._keys = Shelf(options.kept_keys, options.kept_s)

    @contextmanager
    def as_of(
        self, name: str, position: int, key: UUID | None = None, seat: Seat = lambda: nullcontext(True)
    ) -> Iterator[Copy]:
        """The tables of a projection as of a position, with at least the rows of the key, or of all.

        Raises:
            TooMuchToReplay: it takes more events, or more memory, than it may.
            CopyUnderWay: it takes longer, or nobody may wait for it now: asked again, it goes on.
        """
        projection = self._projections[name]
        if key is not None and keyed(projection).streams is None:
            key = None
        sought = name, position, key
        shelf = self._whole if key is None else self._keys
        with shelf.borrowed(sought, lambda: self._empty(projection, position, key)) as kept:
            try:
                self._complete(kept, seat)
            except TooMuchToReplay:
                shelf.forget(sought)
                raise
            yield kept.copy

    def sweep(self) -> None:
        """Let go what nobody has asked for lately."""
        self._whole.sweep()
        self._keys.sweep()

    def close(self) -> None:
        """Let all go."""
        self._whole.close()
        self._keys.close()

    def _complete(self, kept: Kept, seat: Seat) -> None:
        if kept.copy.complete:
            return
        until = monotonic() + self._options.build_s
        with seat() as seated:
            if not seated or not kept.building.acquire(timeout=self._options.build_s):
                raise _under_way(kept.copy)
            try:
                if not kept.copy.fill(until):
                    raise _under_way(kept.copy)
            finally:
                kept.building.release()

    def _empty(self, projection: Projection, position: int, key: UUID | None) -> Copy:
        pages = partial(self._pages, projection, position, key)
        limit = self._options.max_bytes if key is None else self._options.max_bytes_of_key
        return Copy(projection, position, pages, self._decode, limit)

    def _pages(self, projection: Projection, position: int, key: UUID | None) -> Pages:
        streams = None if key is None else self._streams.of(projection, key, position)
        if streams is None:
            return whole_log(self._log, position, self._options.cap)
        return of_streams(self._log, streams, position, self._options.cap)


def _under_way(copy: Copy) -> CopyUnderWay:
    return CopyUnderWay(
        f"What {copy.projection.name} held at position {copy.position} is being put together, up to "
        f"{copy.reached} so far: try again."
    )
