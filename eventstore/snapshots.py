"""The newest snapshot of each stream, so that a long past need not be replayed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from eventsourcing.persistence import AggregateRecorder, StoredEvent
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Uuid, delete, select
from sqlalchemy.dialects.postgresql import insert

from countersign.aggregates.root import Root
from countersign.eventstore.databases import Database
from countersign.eventstore.snapshot_mapper import SnapshotMapper

metadata = MetaData()
snapshots = Table(
    "snapshots",
    metadata,
    Column("stream", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", LargeBinary, nullable=False),
)


def forget_snapshot(read: Database, stream: UUID) -> None:
    """Delete the snapshot of a stream: it holds what events have said."""
    with read.write() as connection:
        connection.execute(delete(snapshots).where(snapshots.c.stream == stream))


class SnapshotRecorder(AggregateRecorder):
    """Keeps one snapshot a stream; losing one costs a replay and nothing else."""

    def __init__(self, database: Database, mapper: SnapshotMapper) -> None:
        self._database = database
        self._mapper = mapper

    def insert_events(self, stored_events: Sequence[StoredEvent], **_kwargs: Any) -> None:
        """Keep these snapshots instead of older ones."""
        with self._database.write() as connection:
            for stored in stored_events:
                row = insert(snapshots).values(
                    stream=stored.originator_id, version=stored.originator_version, state=stored.state
                )
                newer = row.on_conflict_do_update(
                    index_elements=["stream"],
                    set_={"version": row.excluded.version, "state": row.excluded.state},
                    where=snapshots.c.version < row.excluded.version,
                )
                connection.execute(newer)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The snapshot of a stream, when it lies within those versions and still fits its class."""
        query = select(snapshots.c.version, snapshots.c.state).where(snapshots.c.stream == originator_id)
        if lte is not None:
            query = query.where(snapshots.c.version <= lte)
        if gt is not None:
            query = query.where(snapshots.c.version > gt)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        if row is None or not self._mapper.fits(bytes(row.state)):
            return []
        return [StoredEvent(cast("UUID", originator_id), row.version, Root.Snapshot.TOPIC, bytes(row.state))]
