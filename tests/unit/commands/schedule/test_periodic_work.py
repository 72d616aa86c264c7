"""Due times that nobody saw to are noted, once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from countersign.aggregates.periodic_work import MissedPolicy, PeriodicWork, periodic_work_id
from countersign.commands.maintenance.note_missed_work import NoteMissedWork
from tests.unit.commands.people.service import Service

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
MISSED = NoteMissedWork(
    kind="clean_up",
    first_due=MONDAY,
    last_due=MONDAY + timedelta(days=1),
    count=2,
    policy=MissedPolicy.SKIP,
)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with closing(Service(tmp_path)) as service:
        yield service


def missed(service: Service) -> list[PeriodicWork.Missed]:
    events = (happened.event for happened in service.happened())
    return [event for event in events if isinstance(event, PeriodicWork.Missed)]


def test_the_same_missed_times_are_noted_once_whoever_finds_them(service: Service) -> None:
    service.give(MISSED)
    service.give(MISSED)
    service.give(replace(MISSED, first_due=MONDAY + timedelta(days=2), last_due=MONDAY + timedelta(days=2)))

    first, second = missed(service)
    assert (first.kind, first.count, first.policy) == ("clean_up", 2, MissedPolicy.SKIP)
    assert first.last_due < second.first_due
    assert service.state(PeriodicWork, periodic_work_id("clean_up")).missed_until == second.last_due
