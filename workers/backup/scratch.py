"""A copy of the service in a folder that is thrown away, with its read tables made anew from its log."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from countersign.eventstore.backup import events
from countersign.eventstore.backup.people_keys import copy_keys
from countersign.eventstore.backup.stored_contents import contents
from countersign.eventstore.blobs import Blobs
from countersign.eventstore.databases import Database, DatabaseOptions, Databases
from countersign.eventstore.leases import Leases
from countersign.eventstore.log import Log
from countersign.eventstore.open_log import open_log
from countersign.eventstore.store import EventStore
from countersign.eventstore.wakeups import NoWakeups
from countersign.projections.building import schema
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following.runner import Options, Runner
from countersign.workers.backup.repository import OpenStore

HOLDER = "scratch copy"


@dataclass(frozen=True, slots=True)
class Scratch:
    """The copy."""

    databases: Databases
    log: Log
    store: EventStore

    def take_contents(self, blobs: Blobs, since: datetime) -> None:
        """Take what the service has stored since then."""
        for _, content in contents(blobs, since):
            self.store.blobs.put(content)

    def make_read_tables(self) -> None:
        """Bring all read tables to the end of the copy's log."""
        schema.create(self.databases.read, PROJECTIONS)
        runner = Runner(
            self.log,
            self.store.mapper.happened,
            self.databases.read,
            Leases(self.databases.read),
            NoWakeups(HOLDER),
            PROJECTIONS,
            HOLDER,
            Options(batch_size=2_000),
        )
        runner.catch_up()
        runner.release()

    def go_on(self, log: Log, keys: Database, up_to: int) -> None:
        """Take what the service did since, up to a position, and bring the read tables there."""
        copy_keys(keys, self.databases.keys)
        with self.databases.log.write() as connection:
            head = self.log.head()
            events.require_reached(connection, head)
            for page in events.pages(log, head, up_to):
                events.insert(connection, events.unpacked(events.packed(page)))
        self.make_read_tables()


@contextmanager
def scratch_databases() -> Iterator[Databases]:
    """Empty databases in a folder of their own, which nobody else can look into."""
    with tempfile.TemporaryDirectory(prefix="countersign-backup-") as folder:
        databases = Databases(DatabaseOptions(url=f"sqlite:///{Path(folder)}"))
        try:
            yield databases
        finally:
            databases.close()


def opened(databases: Databases, open_store: OpenStore) -> Scratch:
    """The copy in these databases, once something was restored into them."""
    log = open_log(databases, NoWakeups(HOLDER))
    return Scratch(databases, log, open_store(databases, log))
