"""Puts the store together on opened databases: codec, keys, snapshots, cache and blobs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from eventsourcing.persistence import EventStore as LibraryStore

from countersign.aggregates.root import Root
from countersign.eventstore import blobs, erasures, snapshots
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.blobs import Blobs, FileBlobs, TableBlobs
from countersign.eventstore.databases import ONE_AFTER_THE_OTHER, Databases
from countersign.eventstore.field_cipher import FieldCipher
from countersign.eventstore.log import Log
from countersign.eventstore.mapper import EventMapper
from countersign.eventstore.master_keys import MasterKeys
from countersign.eventstore.private_ids import PrivateIds
from countersign.eventstore.recorder import LogRecorder
from countersign.eventstore.snapshot_mapper import SnapshotMapper
from countersign.eventstore.snapshots import SnapshotRecorder
from countersign.eventstore.store import EventStore
from countersign.eventstore.subject_keys import SubjectKeys
from countersign.eventstore.topics import Topics
from countersign.eventstore.upkeep import slow_statements


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreOptions:
    """`master_key` wraps the keys of people, `lookup_key` makes ids from personal values; both have 32 bytes.

    `master_keys` gives all that may have wrapped one, as they are now, where the master key can be exchanged.
    Up to `kept_aggregates` stay in the process; a subject's key is remembered for `keys_lifetime_s` seconds.
    """

    master_key: bytes
    lookup_key: bytes
    master_keys: Callable[[], Sequence[bytes]] | None = None
    kept_aggregates: int = 1000
    snapshot_every: int = 50
    keys_lifetime_s: float = 60.0


def open_store(
    databases: Databases, log: Log, aggregates: Iterable[type[Root]], options: StoreOptions
) -> EventStore:
    """The store of a process, which knows the events of these aggregates and of no others."""
    topics = Topics(aggregates)
    masters = MasterKeys(options.master_key, read=options.master_keys)
    keys = SubjectKeys(databases.keys, masters, lifetime_s=options.keys_lifetime_s)
    cipher = FieldCipher(keys)
    contents = open_blobs(databases)
    mapper, recorder = EventMapper(topics, cipher, contents.get), LogRecorder(log)
    snapshot_mapper = SnapshotMapper(topics, cipher)
    kept = SnapshotRecorder(databases.read, snapshot_mapper)
    repository = Aggregates(
        LibraryStore(mapper, recorder),
        LibraryStore(snapshot_mapper, kept),
        recorder,
        kept=options.kept_aggregates,
        snapshot_every=options.snapshot_every,
    )
    private_ids = PrivateIds(options.lookup_key)
    return EventStore(recorder, mapper, repository, contents, private_ids)


def open_blobs(databases: Databases) -> Blobs:
    """Where large contents lie: in files of the data folder, or in a table where machines share it."""
    if databases.folder is not None:
        return FileBlobs(databases.folder / "blobs")
    return TableBlobs(databases.log)


def create_tables(databases: Databases) -> None:
    """Create the log's tables and those of the store, where they are not there."""
    databases.create()
    databases.keys.create(erasures.metadata)  # with the keys of people
    databases.read.create(snapshots.metadata, slow_statements.metadata)
    if databases.folder is None:
        databases.log.create(blobs.metadata)
        with databases.log.write() as connection:
            connection.exec_driver_sql(ONE_AFTER_THE_OTHER)
            for index in blobs.blobs.indexes:  # a table of an earlier version lacks it
                index.create(connection, checkfirst=True)
