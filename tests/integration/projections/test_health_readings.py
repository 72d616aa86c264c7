"""What the probes have found, minute by minute."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from countersign.eventstore.databases import Database, Databases
from countersign.projections.health import health_readings
from countersign.projections.health.health_readings import (
    Standing,
    forget_before,
    past_readings,
    record,
    standings,
)
from countersign.projections.health.reading import Condition, Reading, absent, failed, well, worse

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def read(databases: Databases) -> Database:
    databases.read.create(health_readings.metadata)
    return databases.read


def look(read: Database, minute: int, reading: Reading, component: str = "smtp") -> None:
    record(read, component, reading, NINE + timedelta(minutes=minute), took_ms=1.5)


def standing(read: Database) -> Standing:
    (only,) = standings(read)
    return only


def test_a_run_is_counted_from_its_first_reading(read: Database) -> None:
    look(read, 0, well("it greets"))
    look(read, 1, worse("slow", "wait", seconds=3.0))
    look(read, 2, failed("gone", "start it"))

    now = standing(read)
    assert (now.condition, now.since, now.run) == (Condition.FAILED, NINE + timedelta(minutes=1), 2)
    assert (now.says, now.remedy, now.figures) == ("gone", "start it", {})


def test_a_good_reading_begins_another_run(read: Database) -> None:
    look(read, 0, failed("gone", "start it"))
    look(read, 1, well("it greets", code=220.0))
    look(read, 2, absent())

    now = standing(read)
    assert (now.condition, now.since, now.run) == (Condition.ABSENT, NINE + timedelta(minutes=1), 2)


def test_of_all_who_look_in_a_minute_the_first_counts(read: Database) -> None:
    with ThreadPoolExecutor(4) as threads:
        looks = [threads.submit(look, read, 0, failed(f"gone {n}", "start it")) for n in range(12)]
        for each in looks:
            each.result()

    assert standing(read).run == 1
    past = past_readings(read, "smtp", since=NINE, before=NINE + timedelta(hours=1), limit=50)
    assert [each.says for each in past] == [standing(read).says]


def test_what_is_old_is_forgotten_with_the_components_that_went(read: Database) -> None:
    look(read, 0, well("it greets"), "disk of a host that was taken away")
    for minute in (0, 60, 120):
        look(read, minute, well("it greets"))

    assert forget_before(read, NINE + timedelta(minutes=90)) == 3
    assert [each.component for each in standings(read)] == ["smtp"]
    past = past_readings(read, "smtp", since=NINE, before=NINE + timedelta(days=1), limit=50)
    assert [each.minute for each in past] == [NINE + timedelta(hours=2)]
