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

import pytest

from countersign.aggregates.maintenance_job import MaintenanceJob, maintenance_id
from countersign.commands.maintenance.due_maintenance import DueMaintenance
from countersign.eventstore.log import Recorded
from countersign.workers import course as courses
from countersign.workers.effect import State
from countersign.workers.effect_board import EffectBoard
from countersign.workers.maintenance.clean_up import CleanUp
from countersign.workers.maintenance.leftovers import leftovers
from countersign.workers.options import MaintenanceOptions, SmtpOptions
from countersign.workers.rendering.renderer import Renderer
from tests.integration.workers.plant import Plant, settings
from tests.integration.workers.running import now, running, wait_until
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
        plant.databases.read,
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
        plant.databases.read,
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
        plant.databases.read,
        MaintenanceOptions(folder=plant.folder),
    )

    clean_up(now(), courses.Course())

    assert not left.exists()
    assert fresh.exists()
