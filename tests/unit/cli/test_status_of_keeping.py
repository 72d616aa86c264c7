"""What status says of workers, due times and backups."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from countersign.cli.status.keeping import Keeping, figures_of_keeping, problems_of_keeping
from countersign.projections.work.backups_queries import BackupRow
from countersign.projections.work.outward_hold import OutwardHold
from countersign.projections.work.periodic_times import PeriodicTimes
from countersign.workers.roll import WorkerSeen, WorkerState
from countersign.workers.workers_table import Worker

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
WORKER = Worker(
    name="one:7:ab",
    host="one",
    pid=7,
    version="0.1.0",
    parts=("mail",),
    since=NOW - HOUR,
    seen_at=NOW - timedelta(minutes=2),
    draining=False,
    finished=0,
    memory_bytes=1,
)
SCHEDULED = PeriodicTimes(
    kind="backup",
    rule="every 6 h",
    missed="once",
    seen_to=NOW - HOUR,
    next_due_at=NOW + HOUR,
    written_at=NOW,
)
WHOLE = BackupRow(
    backup_id=uuid4(),
    position=10,
    name="full-1",
    kind="full",
    status="completed",
    from_position=0,
    to_position=9,
    files=3,
    size_bytes=1_000,
    manifest_digest="ab",
    message=None,
    started_at=NOW - HOUR,
    finished_at=NOW - HOUR,
    verified_at=None,
    faults=None,
    restore_to=None,
    restore_requested_by=None,
    restore_approved_by=None,
    restored_at=None,
)
FAILED = replace(WHOLE, status="failed", message="no room", position=11, finished_at=None)
WELL = Keeping(
    workers=[WorkerSeen(worker=WORKER, state=WorkerState.WORKING, tasks=())],
    periodic=[SCHEDULED],
    last_whole=WHOLE,
)


def said(found: Keeping, *roles: str) -> list[tuple[str, str]]:
    return [(each.component, each.what) for each in problems_of_keeping(found, roles, NOW)]


def test_where_all_goes_on_there_is_nothing_to_do() -> None:
    assert said(WELL, "scheduler") == []
    assert figures_of_keeping(WELL, NOW) == {"age_seconds": 3600.0, "size_bytes": 1000.0}


def test_a_worker_that_is_not_heard_of_is_named() -> None:
    silent = replace(WELL, workers=[replace(WELL.workers[0], state=WorkerState.SILENT)])
    assert said(silent) == [("workers", "The worker 7 on one has not been heard of for 2 min.")]


def test_a_worker_that_was_replaced_on_its_machine_is_not_missed() -> None:
    gone = replace(WELL.workers[0], state=WorkerState.SILENT)
    next_one = replace(WORKER, name="one:8:cd", pid=8, since=NOW - timedelta(minutes=1), seen_at=NOW)
    elsewhere = replace(next_one, host="two")
    for worker, told in ((next_one, 0), (elsewhere, 1), (replace(next_one, parts=("rendering",)), 1)):
        there = WorkerSeen(worker=worker, state=WorkerState.WORKING, tasks=())
        assert len(said(replace(WELL, workers=[gone, there]))) == told


def test_what_is_due_and_not_said_is_a_thing_to_do_while_somebody_keeps_the_schedule() -> None:
    late = replace(WELL, periodic=[replace(SCHEDULED, next_due_at=NOW - HOUR)])
    what = "The periodic work backup has been due for 1 h, and nobody has said so."
    assert said(late, "scheduler") == [("schedule", what)]
    assert said(late) == []


def test_a_backup_that_failed_after_the_last_whole_one_is_told() -> None:
    assert said(replace(WELL, last_failed=FAILED)) == [("backups", "The last backup failed: no room.")]
    assert said(replace(WELL, last_failed=replace(FAILED, position=9))) == []


def test_a_backup_that_is_not_sound_or_old_is_told() -> None:
    unsound = replace(WELL, last_whole=replace(WHOLE, faults=["a gap at position 4"]))
    assert said(unsound) == [("backups", "The newest backup is not sound: a gap at position 4.")]
    old = replace(WELL, last_whole=replace(WHOLE, finished_at=NOW - 30 * HOUR))
    assert said(old) == [("backups", "The newest backup is 30 h old.")]


def test_what_is_held_since_a_restore_is_a_thing_to_do() -> None:
    hold = OutwardHold(backup_id=uuid4(), name="full-1", kind="full", after=0, position=9, held_at=NOW)
    ((component, what),) = said(replace(WELL, hold=hold))
    assert (component, "since the service was restored from full-1 up to position 9" in what) == (
        "queues",
        True,
    )


def test_backups_are_missed_only_where_they_are_scheduled() -> None:
    assert said(replace(WELL, last_whole=None)) == [("backups", "There is no whole backup yet.")]
    assert said(Keeping()) == []
    assert figures_of_keeping(Keeping(), NOW) == {}
