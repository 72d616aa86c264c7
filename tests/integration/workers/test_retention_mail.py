"""Document controllers hear of reports whose time is over, once of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.retention_policy import RetentionRule
from countersign.commands.maintenance.complete_maintenance import CompleteMaintenance
from countersign.commands.maintenance.due_maintenance import DueMaintenance
from countersign.commands.retention.archive_report import ArchiveReport
from countersign.commands.retention.propose_disposition import ProposeDisposition
from countersign.commands.retention.publish_retention_policy import PublishRetentionPolicy
from countersign.eventstore.leases import Leases
from countersign.projections.building import schema
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following.runner import Runner
from countersign.workers import course as courses
from countersign.workers.maintenance.retention_list import KIND, RetentionList
from countersign.workers.retention.destruction import Destruction
from countersign.workers.retention.telling import TellOfRetention
from tests.integration.workers.plant import Plant
from tests.unit.commands.documents.office import Course

WHY = "nobody looks at it any more"
DAY = timedelta(days=1)
Daily = Callable[[int], Mapping[str, str]]


@pytest.fixture
def daily(plant: Plant) -> Daily:
    """The job so many days from now, as its worker does it."""
    read = plant.databases.read
    schema.create(read, PROJECTIONS)
    decode = plant.store.mapper.happened
    runner = Runner(plant.log, decode, read, Leases(read), plant.wakeups, PROJECTIONS, "projections")
    destruction = Destruction(plant.databases, plant.log, plant.store.blobs, lambda: plant.now, 0.0)
    telling = TellOfRetention(read, plant.store.aggregates, plant.dispatcher)
    job = RetentionList(read, plant.dispatcher, destruction, telling)

    def run(days: int) -> Mapping[str, str]:
        due_at = plant.now + days * DAY
        runner.catch_up()
        result = job(due_at, courses.Course())
        ((job_id, _),) = plant.give(DueMaintenance(kind=KIND, due_at=due_at)).streams
        plant.give(CompleteMaintenance(job_id=job_id, result=result))
        runner.catch_up()
        return result

    return run


def archived(plant: Plant) -> Course:
    course = Course(plant)
    course.approved()
    course.issue(course.render())
    plant.give(ArchiveReport(report_id=course.report_id, reason=WHY), plant.dora)
    return course


def told(plant: Plant) -> list[EmailMessage]:
    return [mail for mail in plant.mails() if mail.purpose is EmailPurpose.RETENTION_DUE]


def test_document_controllers_hear_once_of_what_has_become_due(plant: Plant, daily: Daily) -> None:
    rules = (RetentionRule("*", 1),)
    plant.give(PublishRetentionPolicy(rules=rules, cooling_off_days=0, reason=WHY), plant.ada)
    first = archived(plant)
    assert daily(300)["told_to"] == ""
    assert told(plant) == []

    for day in (370, 371):
        daily(day)

    (mail,) = told(plant)
    assert mail.subject == plant.dora.account
    assert (mail.facts["count"], first.report.document_number in mail.facts["reports"]) == ("1", True)
    plant.move_to(plant.now + DAY)
    second = archived(plant)
    proposal = ProposeDisposition(report_id=first.report_id, reason=WHY)
    daily(371)
    assert [each.facts["count"] for each in told(plant)] == ["1", "2"]
    plant.move_to(plant.now + 366 * DAY)
    plant.give(proposal, plant.dora)
    assert daily(6)["proposed"] == "1"
    assert len(told(plant)) == 2
    assert second.report.document_number in told(plant)[1].facts["reports"]
