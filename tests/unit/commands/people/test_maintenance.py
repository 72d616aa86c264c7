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
from countersign.commands.maintenance.complete_maintenance import CompleteMaintenance
from countersign.commands.maintenance.due_maintenance import DueMaintenance
from countersign.commands.maintenance.fail_maintenance import FailMaintenance
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
