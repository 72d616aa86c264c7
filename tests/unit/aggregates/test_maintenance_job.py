"""Periodic work: due once for its time, done once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from countersign.aggregates.maintenance_job import (
    JobCompleted,
    MaintenanceJob,
    MaintenanceStatus,
    maintenance_id,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def due() -> MaintenanceJob:
    return MaintenanceJob.due(NOW, "health_check", NOW)


def test_two_schedulers_that_fire_for_the_same_moment_mean_the_same_job() -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=5)))

    assert maintenance_id("health_check", NOW) == maintenance_id("health_check", elsewhere)
    assert maintenance_id("health_check", NOW) != maintenance_id("clean_up", NOW)
    assert maintenance_id("health_check", NOW) != maintenance_id("health_check", NOW + timedelta(minutes=1))


def test_a_job_that_is_due_is_completed_with_its_result() -> None:
    job = due()
    job.collect_events()

    job.complete(NOW, {"checked": "7"})

    (event,) = job.collect_events()
    assert isinstance(event, MaintenanceJob.Completed)
    assert event.result == {"checked": "7"}
    assert job.status is MaintenanceStatus.COMPLETED


def test_a_failed_job_may_fail_again_and_still_be_completed() -> None:
    job = due()
    passed = [job.status]
    job.fail(NOW, "transient", "disk is busy")
    passed.append(job.status)

    job.fail(NOW, "transient", "disk is still busy")
    job.complete(NOW, {})

    passed.append(job.status)
    assert passed == [MaintenanceStatus.DUE, MaintenanceStatus.FAILED, MaintenanceStatus.COMPLETED]


def test_a_completed_job_is_neither_completed_nor_failed_again() -> None:
    job = due()
    job.complete(NOW, {})
    job.collect_events()

    with pytest.raises(JobCompleted):
        job.complete(NOW, {})
    with pytest.raises(JobCompleted):
        job.fail(NOW, "unknown", "late")
    assert not job.pending_events
