"""Aggregates rebuilt from the log: kept in the process, fast-forwarded at each load, or as they were."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from copy import copy
from typing import Any, Final, TypeVar, cast
from uuid import UUID

from eventsourcing.application import AggregateNotFoundError, Repository
from eventsourcing.persistence import EventStore

from countersign.aggregates.root import Root
from countersign.eventstore.recorder import LogRecorder

A = TypeVar("A", bound=Root)

_TRANSIENT: Final = ("_id", "_version", "_pending_events")


class Aggregates(Repository[UUID]):
    """The aggregates of the log.

    What is handed out is a shallow copy: folds replace values, so a copy that is changed and then
    refused leaves nothing behind in the cache.
    """

    def __init__(
        self,
        events: EventStore[UUID],
        snapshots: EventStore[UUID],
        recorder: LogRecorder,
        *,
        kept: int,
        snapshot_every: int,
    ) -> None:
        super().__init__(events, snapshot_store=snapshots, cache_maxsize=kept, deepcopy_from_cache=False)
        self._recorder = recorder
        self._snapshot_every = snapshot_every

    def find(self, cls: type[A], stream: UUID, *, version: int | None = None) -> A | None:
        """An aggregate as it is now, or as it was at a version; None when there is no such one."""
        if version is not None and (kept := self.kept(cls, stream)) and kept.version == version:
            return kept
        try:
            found: Any = self.get(stream, version=version, projector_func=_fold)
        except AggregateNotFoundError:
            return None
        if version is None and self.cache is not None:
            self.cache.put(stream, found)
        return _own_copy(found) if isinstance(found, cls) else None

    def kept(self, cls: type[A], stream: UUID) -> A | None:
        """An aggregate as this process knows it, without asking the log; None when it is not kept."""
        found = self._cached(stream)
        return _own_copy(found) if isinstance(found, cls) else None

    def catch_up(self, streams: Collection[UUID]) -> Collection[UUID]:
        """Bring those that are kept up to the log, in one round trip, and say which they are."""
        known = {stream: found for stream in streams if (found := self._cached(stream)) is not None}
        news = self._recorder.select_streams({stream: found.version for stream, found in known.items()})
        for stream, stored in news.items():
            if stored and self.cache is not None:
                events = map(self.event_store.mapper.to_domain_event, stored)
                self.cache.put(stream, _fold(known[stream], events))
        return known.keys()

    def head_unless_gone_on(self, versions: Mapping[UUID, int]) -> int | None:
        """See `Log`: where the log is, if what is known of these streams at these versions still holds."""
        return self._recorder.head_unless_gone_on(versions)

    def keep(self, aggregate: Root, stored: int) -> None:
        """Remember a saved aggregate, of which `stored` events were new, and snapshot it when it is time."""
        if self.cache is not None:
            self.cache.put(aggregate.id, _own_copy(aggregate))
        every = self._snapshot_every
        if aggregate.version // every > (aggregate.version - stored) // every and self.snapshot_store:
            self.snapshot_store.put([snapshot_of(aggregate)])

    def forget(self, streams: Iterable[UUID]) -> None:
        """Drop aggregates from the cache after a failure."""
        for stream in streams:
            if self.cache is not None and stream in self.cache.cache:
                self.cache.get(stream, evict=True)

    def _cached(self, stream: UUID) -> Root | None:
        try:
            return None if self.cache is None else cast("Root", self.cache.get(stream))
        except KeyError:
            return None


def snapshot_of(aggregate: Root) -> Root.Snapshot:
    """The state of an aggregate at its version."""
    state = {name: value for name, value in vars(aggregate).items() if name not in _TRANSIENT}
    return Root.Snapshot(
        originator_id=aggregate.id,
        originator_version=aggregate.version,
        timestamp=aggregate.modified_on,
        topic=type(aggregate).TOPIC,
        state=state,
    )


def _fold(aggregate: Any, events: Iterable[Any]) -> Any:
    own = None if aggregate is None else _own_copy(aggregate)
    for event in events:
        own = event.mutate(own)
    return own


def _own_copy(aggregate: A) -> A:
    own = copy(aggregate)
    own._pending_events = []  # noqa: SLF001 - the library has no public way to copy an aggregate
    return own
