"""Periodic work: due once for its time, done once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from countersign.aggregates.account_refusals import ReasonRequired
from countersign.aggregates.maintenance_job import (
    JobCompleted,
    JobNotGivenUp,
    MaintenanceJob,
    MaintenanceStatus,
    maintenance_id,
)

OPERATOR = UUID(int=7)
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
    job.fail(NOW, "transient", "disk is busy", NOW + timedelta(seconds=30))
    passed.append(job.status)
    job.fail(NOW, "transient", "disk is still busy", None)
    passed.append(job.status)

    job.complete(NOW, {})

    passed.append(job.status)
    assert passed == ["due", "retrying", "failed", "completed"]


def test_a_completed_job_is_neither_completed_nor_failed_again() -> None:
    job = due()
    job.complete(NOW, {})
    job.collect_events()

    with pytest.raises(JobCompleted):
        job.complete(NOW, {})
    with pytest.raises(JobCompleted):
        job.fail(NOW, "unknown", "late", None)
    assert not job.pending_events


def given_up() -> MaintenanceJob:
    job = due()
    job.fail(NOW, "transient", "disk is busy", None)
    return job


def cancelled() -> MaintenanceJob:
    job = due()
    job.cancel(NOW, OPERATOR, "it is in the way")
    return job


def discarded() -> MaintenanceJob:
    job = given_up()
    job.discard(NOW, OPERATOR, "the next one will do")
    return job


def completed() -> MaintenanceJob:
    job = due()
    job.complete(NOW, {})
    return job


def test_what_a_person_has_called_off_is_neither_done_nor_called_off_again() -> None:
    for job, status in ((cancelled(), "cancelled"), (discarded(), "discarded")):
        assert (job.status, job.is_over) == (status, True)
        with pytest.raises(JobCompleted):
            job.complete(NOW, {})
        with pytest.raises(JobCompleted):
            job.cancel(NOW, OPERATOR, "once more")


def test_what_was_given_up_or_called_off_can_be_taken_up_again() -> None:
    for job in (given_up(), cancelled(), discarded()):
        job.retry(NOW, OPERATOR)

        retried = job.collect_events()[-1]
        assert isinstance(retried, MaintenanceJob.Retried)
        assert (retried.by, retried.kind, job.status) == (OPERATOR, "health_check", "due")


def test_what_was_not_given_up_is_neither_taken_up_again_nor_laid_aside() -> None:
    for job in (due(), completed()):
        with pytest.raises(JobNotGivenUp):
            job.retry(NOW, OPERATOR)
        with pytest.raises(JobNotGivenUp):
            job.discard(NOW, OPERATOR, "why not")


def test_who_calls_off_says_why() -> None:
    with pytest.raises(ReasonRequired):
        due().cancel(NOW, OPERATOR, " ")
    with pytest.raises(ReasonRequired):
        given_up().discard(NOW, OPERATOR, "")


def test_a_failure_of_before_had_no_other_attempt() -> None:
    state: dict[str, Any] = {"failure_class": "unknown", "message": "why"}

    MaintenanceJob.Failed.upcast_v1_v2(state)

    assert state["retry_at"] is None
