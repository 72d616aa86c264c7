from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, text

from countersign.eventstore.databases import Connections, Database
from countersign.eventstore.leases import Leases
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following.ownership import Ownership
from tests.integration.projections.story import Story


class Counted:
    """Real connections that count the transactions."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self.opened: Counter[str] = Counter()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        self.opened["reading"] += 1
        with self._connections.reading() as connection:
            yield connection

    @contextmanager
    def writing(self, *, synced: bool = True) -> Iterator[Connection]:
        self.opened["writing"] += 1
        with self._connections.writing(synced=synced) as connection:
            yield connection

    def close(self) -> None:
        self._connections.close()


@pytest.fixture
def counted(story: Story) -> Counted:
    return Counted(story.databases.read.connections)


def owner(story: Story, counted: Counted, holder: str) -> Ownership:
    read = Database("read", story.databases.read.dialect, counted)
    return Ownership(read, Leases(read), PROJECTIONS, holder, ttl_s=30)


def test_a_heartbeat_renews_all_leases_in_one_transaction(story: Story, counted: Counted) -> None:
    owned = owner(story, counted, "owner")
    owned.refresh()
    with story.databases.read.write() as connection:
        connection.execute(text("UPDATE leases SET expires_at = 1"))
    counted.opened.clear()
    owned.refresh()
    assert counted.opened == {"writing": 1, "reading": 1}
    with story.databases.read.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM leases WHERE expires_at = 1")) == 0


def test_a_process_that_owns_nothing_writes_nothing(story: Story, counted: Counted) -> None:
    owner(story, counted, "owner").refresh()
    waiting = owner(story, counted, "waiting")
    counted.opened.clear()
    waiting.refresh()
    assert counted.opened == {"reading": 1}
    assert not waiting.running()


def test_one_lost_lease_leaves_the_others(story: Story, counted: Counted) -> None:
    owned = owner(story, counted, "owner")
    owned.refresh()
    with story.databases.read.write() as connection:
        taken = "UPDATE leases SET holder = 'other', fence = fence + 1 WHERE role = :role"
        connection.execute(text(taken), {"role": f"projection:{PROJECTIONS[0].name}:1:0"})
    owned.refresh()
    assert {unit.projection for unit in owned.running()} == set(PROJECTIONS[1:])
