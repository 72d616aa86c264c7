"""What two people have agreed on vanishes everywhere but in its tombstone, and nothing else does."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, inspect, select

from countersign.aggregates.report.report import Report
from countersign.aggregates.retention_policy import RetentionRule
from countersign.commands.report.record_test_result import RecordTestResult
from countersign.commands.retention.approve_disposition import ApproveDisposition
from countersign.commands.retention.archive_report import ArchiveReport
from countersign.commands.retention.dispose_report import DisposeReport
from countersign.commands.retention.propose_disposition import ProposeDisposition
from countersign.commands.retention.publish_retention_policy import PublishRetentionPolicy
from countersign.eventstore.databases import Database, DatabaseOptions, Databases
from countersign.eventstore.leases import Leases
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_wakeups import open_wakeups
from countersign.eventstore.upkeep.optimising import optimise
from countersign.projections.building import schema
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following.runner import Runner
from countersign.projections.reports.retention_due_queries import left_over, retention_of
from countersign.workers import course as courses
from countersign.workers.maintenance.retention_list import RetentionList
from countersign.workers.options import SmtpOptions
from countersign.workers.rendering.renderer import Renderer
from countersign.workers.retention.destruction import Destruction, NotYetDestroyed
from countersign.workers.retention.telling import TellOfRetention
from tests.integration.workers.plant import Plant, settings
from tests.integration.workers.running import now, running, wait_until
from tests.unit.commands.documents.office import Course

Serve = Callable[..., SmtpOptions]
SECRET = "zirconium-valve"
LARGE = [
    {"id": f"r{row}", "action": f"{SECRET} {row} " + "turn it " * 2_000, "result": "pass", "comment": ""}
    for row in range(5)
]
TODAY = datetime(2026, 3, 18, 8, tzinfo=UTC)
A_YEAR_AGO = TODAY - timedelta(days=366)
WHY = "its time is over, nobody needs it"


@pytest.fixture
def course(plant: Plant) -> Course:
    """An issued report with a large and a small section, a test result and a document."""
    schema.create(plant.databases.read, PROJECTIONS)
    plant.move_to(A_YEAR_AGO)
    rules = (RetentionRule("*", 1),)
    plant.give(PublishRetentionPolicy(rules=rules, cooling_off_days=0, reason=WHY), plant.ada)
    return issued(Course(plant))


def issued(course: Course) -> Course:
    course.complete()
    course.save("steps", LARGE)
    tested = RecordTestResult(
        report_id=course.report_id,
        section="signals",
        row_id="s1",
        result="fail",
        comment=f"{SECRET} leaks",
        verified_by="Eva",
        expected_digest=course.report.digest_of_section("signals"),
    )
    course.office.give(tested, course.office.eva)
    course.submit()
    course.approve(1, course.office.tom)
    course.approve(2, course.office.pia)
    course.issue(course.render())
    return course


def agreed(course: Course) -> None:
    office, report_id = course.office, course.report_id
    office.give(ArchiveReport(report_id=report_id, reason=WHY), office.dora)
    office.move_to(TODAY)
    office.give(ProposeDisposition(report_id=report_id, reason=WHY), office.dora)
    office.prove_identity(office.ada)
    read = office.version(report_id)
    office.give(ApproveDisposition(report_id=report_id, expected_version=read, reason=WHY), office.ada)


@pytest.fixture
def runner(plant: Plant) -> Runner:
    read = plant.databases.read
    decode = plant.store.mapper.happened
    return Runner(plant.log, decode, read, Leases(read), plant.wakeups, PROJECTIONS, "projections")


def dumped(database: Database) -> Mapping[str, list[tuple[Any, ...]]]:
    """Every row of every table that readers see."""
    with database.read() as connection:
        schema_name = None if database.dialect == "sqlite" else database.name
        names = inspect(connection).get_table_names(schema_name)
        metadata = MetaData()
        metadata.reflect(connection, schema_name, only=names)
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in metadata.tables.values()
        }


def carried_out(plant: Plant, serve: Serve, runner: Runner, reports: int) -> None:
    options = settings(plant.folder, serve())
    quiet = replace(options, housekeeping=replace(options.housekeeping, quiet_s=-3_600.0))
    parts = plant.worker(quiet, Renderer(), only=("reactions", "commands", "maintenance"))
    with running(*parts, runner.run):
        wait_until(lambda: plant.topics().count(Report.ContentDestroyed.TOPIC) == reports, within_s=30)
    runner.catch_up()


def test_nothing_that_a_disposed_report_said_can_be_read_anywhere(
    plant: Plant, course: Course, serve: Serve, runner: Runner, short_path: Path
) -> None:
    other = issued(Course(plant))
    large = course.report.sections["steps"].content_ref
    runner.catch_up()
    assert SECRET in str(dumped(plant.databases.read))
    agreed(course)
    agreed(other)

    carried_out(plant, serve, runner, reports=2)

    _require_gone_from_the_log(plant)
    optimise(plant.databases.read, lambda _: None)
    assert SECRET not in str(dumped(plant.databases.read))
    assert large is not None
    assert not any(map(plant.store.blobs.has, (large, *documents(plant))))
    report = plant.another_store().aggregates.find(Report, course.report_id)
    assert report is not None
    assert report.tombstone is not None
    assert report.tombstone.document_number == course.report.document_number
    row = retention_of(plant.databases.read, course.report_id)
    assert row is not None
    assert row.destroyed_at is not None
    assert left_over(plant.databases.read) == ()
    if plant.databases.folder is not None:  # the log of a server cannot be copied as files
        _require_the_same_rows_again(plant, short_path / "copy")


def _require_gone_from_the_log(plant: Plant) -> None:
    log, mapper = plant.log.read(0, 10_000), plant.another_store().mapper
    saved = [event for each in log if isinstance(event := mapper.happened(each).event, Report.SectionSaved)]
    assert saved
    assert all(each.content is None and each.content_ref is None and each.digest for each in saved)
    assert not any(SECRET.encode() in each.state for each in log)


def _require_the_same_rows_again(plant: Plant, copy: Path) -> None:
    assert plant.databases.folder is not None
    shutil.copytree(plant.databases.folder, copy, ignore=shutil.ignore_patterns("read.db*", "*.sock"))
    with closing(Databases(DatabaseOptions(url=f"sqlite:///{copy}"))) as databases:
        databases.create()
        schema.create(databases.read, PROJECTIONS)
        with closing(open_wakeups(databases)) as wakeups:
            log, decode = open_log(databases, wakeups), plant.another_store().mapper.happened
            leases = Leases(databases.read)
            Runner(log, decode, databases.read, leases, wakeups, PROJECTIONS, "again").catch_up()
        followed, made_again = dumped(plant.databases.read), dumped(databases.read)
    for name in (table.name for projection in PROJECTIONS for table in projection.tables):
        assert sorted(map(repr, made_again[name])) == sorted(map(repr, followed[name])), name


def documents(plant: Plant) -> list[str]:
    events = (each.event for each in plant.events())
    return [each.document_digest for each in events if isinstance(each, Report.RevisionIssued)]


def destruction(plant: Plant, quiet_s: float) -> Destruction:
    return Destruction(plant.databases, plant.log, plant.store.blobs, now, quiet_s)


def test_nothing_goes_while_the_read_tables_may_not_know_who_else_has_it(
    plant: Plant, course: Course, runner: Runner
) -> None:
    large = course.report.sections["steps"].content_ref
    agreed(course)
    plant.give(DisposeReport(report_id=course.report_id))
    runner.catch_up()
    other = issued(Course(plant))  # the same section, of which the tables have not heard

    with pytest.raises(NotYetDestroyed, match="far behind"):
        destruction(plant, quiet_s=-3_600).of(course.report_id)

    runner.catch_up()
    assert destruction(plant, quiet_s=-3_600).of(course.report_id).shared == 2
    assert large is not None
    assert other.report.sections["steps"].content_ref == large
    assert plant.store.blobs.has(large)


def test_what_another_report_has_too_stays(plant: Plant, course: Course, runner: Runner) -> None:
    other = issued(Course(plant))
    large = other.report.sections["steps"].content_ref
    agreed(course)
    plant.give(DisposeReport(report_id=course.report_id))
    runner.catch_up()

    destroyed = destruction(plant, quiet_s=-3_600).of(course.report_id)

    assert (destroyed.contents, destroyed.shared) == (1, 2)  # the render input; a section and the document
    assert large is not None
    assert plant.store.blobs.has(large)
    kept = plant.another_store().aggregates.find(Report, other.report_id)
    assert kept is not None
    assert kept.sections["purpose"].content == {"text": "It works.\nProven < & >"}


def test_what_was_stored_a_moment_ago_waits_and_the_daily_list_sees_to_it(
    plant: Plant, course: Course, runner: Runner
) -> None:
    read = plant.databases.read
    agreed(course)
    from_now_on = destruction(plant, quiet_s=3_600)
    at_once = destruction(plant, quiet_s=-3_600)
    with pytest.raises(NotYetDestroyed):
        at_once.of(course.report_id)  # the read tables do not know of it

    plant.give(DisposeReport(report_id=course.report_id))
    runner.catch_up()
    with pytest.raises(NotYetDestroyed):
        from_now_on.of(course.report_id)
    telling = TellOfRetention(read, plant.store.aggregates, plant.dispatcher)
    daily = RetentionList(read, plant.dispatcher, from_now_on, telling)
    assert daily(plant.now, courses.Course())["left_over"] == "1"
    daily = RetentionList(read, plant.dispatcher, at_once, telling)
    daily(plant.now, courses.Course())
    runner.catch_up()
    assert daily(plant.now, courses.Course())["left_over"] == "0"
