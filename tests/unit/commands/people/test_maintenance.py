"""The commands around one piece of periodic work."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.maintenance_job import (
    JobCompleted,
    MaintenanceJob,
    MaintenanceStatus,
    maintenance_id,
)
from countersign.aggregates.role import Role
from countersign.commands.maintenance.cancel_maintenance import CancelMaintenance
from countersign.commands.maintenance.complete_maintenance import CompleteMaintenance
from countersign.commands.maintenance.discard_maintenance import DiscardMaintenance
from countersign.commands.maintenance.due_maintenance import DueMaintenance
from countersign.commands.maintenance.fail_maintenance import FailMaintenance
from countersign.commands.maintenance.retry_maintenance import RetryMaintenance
from countersign.commands.maintenance.tell_quiet_run import TellQuietRun
from countersign.commands.permit import NotPermitted
from countersign.eventstore.store import NotFound
from tests.unit.commands.people.service import Service

DUE_AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
DUE = DueMaintenance(kind="clean_up", due_at=DUE_AT)
JOB = maintenance_id("clean_up", DUE_AT)


def test_a_job_that_two_schedulers_announce_is_one_job(service: Service) -> None:
    service.give(DUE)
    service.give(DUE)

    assert service.topics() == ["maintenance.due"]
    job = service.state(MaintenanceJob, JOB)
    assert (job.kind, job.due_at, job.status) == ("clean_up", DUE_AT, MaintenanceStatus.DUE)


def test_a_job_fails_is_tried_again_and_completes_once(service: Service) -> None:
    service.give(DUE)
    service.give(FailMaintenance(job_id=JOB, failure_class="transient", message="disk busy"))

    service.give(CompleteMaintenance(job_id=JOB, result={"removed": "3"}))

    assert service.topics() == ["maintenance.due", "maintenance.failed", "maintenance.completed"]
    with pytest.raises(JobCompleted) as refusal:
        service.give(CompleteMaintenance(job_id=JOB, result={}))
    assert (refusal.value.code, refusal.value.status) == ("job_completed", 409)
    with pytest.raises(JobCompleted):
        service.give(FailMaintenance(job_id=JOB, failure_class="unknown", message="late"))


def test_a_quiet_run_is_told_together_with_its_result_and_once(service: Service) -> None:
    told = TellQuietRun(kind="clean_up", due_at=DUE_AT, result={"removed": "3"})
    service.give(told)
    service.give(told)
    assert service.topics() == ["maintenance.due", "maintenance.completed"]


def test_a_quiet_run_that_had_failed_before_is_completed(service: Service) -> None:
    service.give(DUE)
    service.give(FailMaintenance(job_id=JOB, failure_class="transient", message="disk busy"))
    service.give(TellQuietRun(kind="clean_up", due_at=DUE_AT, result={}))
    assert service.state(MaintenanceJob, JOB).status is MaintenanceStatus.COMPLETED


def test_an_operator_calls_a_job_off_takes_it_up_again_and_lays_it_aside(
    service: Service, people: dict[Role, UUID]
) -> None:
    operator = people[Role.OPERATOR]
    service.give(DUE)
    service.give(CancelMaintenance(job_id=JOB, reason="in the way of the backup"), operator)
    with pytest.raises(JobCompleted):
        service.give(CompleteMaintenance(job_id=JOB, result={}))

    service.give(RetryMaintenance(job_id=JOB), operator)
    service.give(FailMaintenance(job_id=JOB, failure_class="transient", message="disk busy"))
    service.give(DiscardMaintenance(job_id=JOB, reason="the next one will do"), operator)

    assert service.topics()[-4:] == [
        "maintenance.cancelled",
        "maintenance.retried",
        "maintenance.failed",
        "maintenance.discarded",
    ]
    assert service.state(MaintenanceJob, JOB).status is MaintenanceStatus.DISCARDED


def test_only_operators_and_administrators_call_off(service: Service, people: dict[Role, UUID]) -> None:
    service.give(DUE)
    for command in (
        CancelMaintenance(job_id=JOB, reason="why not"),
        DiscardMaintenance(job_id=JOB, reason="why not"),
        RetryMaintenance(job_id=JOB),
    ):
        with pytest.raises(NotPermitted):
            service.give(command, people[Role.ENGINEER])
        with pytest.raises(NotPermitted):
            service.give(command)


def test_a_job_that_is_not_there_is_not_found(service: Service) -> None:
    with pytest.raises(NotFound):
        service.give(CompleteMaintenance(job_id=uuid4(), result={}))
    with pytest.raises(NotFound):
        service.give(FailMaintenance(job_id=uuid4(), failure_class="unknown", message=""))


def test_no_person_says_what_the_schedule_and_its_workers_say(
    service: Service, people: dict[Role, UUID]
) -> None:
    service.give(DUE)
    commands = [
        DUE,
        CompleteMaintenance(job_id=JOB, result={}),
        FailMaintenance(job_id=JOB, failure_class="unknown", message=""),
    ]

    for person in people.values():
        for command in commands:
            with pytest.raises(NotPermitted):
                service.give(command, person)
    assert service.topics()[-1] == "maintenance.due"
