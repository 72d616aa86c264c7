"""After a restore nothing leaves the service before an operator says so, whoever was killed meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from countersign.commands.backup.release_outward import ReleaseOutward
from countersign.eventstore.databases import Database, DatabaseOptions, Databases
from countersign.projections.work.outward_hold import OutwardHold, hold_outward, metadata, outward_hold
from countersign.workers.outward import OutwardGate, origin_of
from tests.unit.commands.people.service import Service

HOLD = OutwardHold(
    backup_id=UUID(int=7), name="full-1", kind="full", after=0, position=40, held_at=Service.BEGAN
)
WHY = "what waits has not left before"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    running = Service(tmp_path)
    yield running
    running.close()


@pytest.fixture
def read(tmp_path: Path) -> Iterator[Database]:
    (tmp_path / "read").mkdir()
    databases = Databases(DatabaseOptions(url=f"sqlite:///{tmp_path}/read"))
    databases.read.create(metadata)
    yield databases.read
    databases.close()


def gate(service: Service, read: Database) -> OutwardGate:
    return OutwardGate(read, service.another_store().aggregates, service.dispatcher)


def test_a_service_that_was_not_restored_holds_nothing(service: Service, read: Database) -> None:
    assert not gate(service, read).is_closed()


def test_what_is_held_goes_once_it_is_released(service: Service, read: Database) -> None:
    hold_outward(read, HOLD)
    service.give(origin_of(HOLD))
    assert gate(service, read).is_closed()
    service.give(ReleaseOutward(backup_id=HOLD.backup_id, reason=WHY))
    assert not gate(service, read).is_closed()
    assert outward_hold(read) is None


def test_where_the_restore_was_not_noted_it_is_noted_now_and_held(service: Service, read: Database) -> None:
    hold_outward(read, HOLD)
    assert gate(service, read).is_closed()
    assert service.topics() == ["backup.started", "backup.restore_completed"]
    assert gate(service, read).is_closed()
    assert len(service.topics()) == 2
