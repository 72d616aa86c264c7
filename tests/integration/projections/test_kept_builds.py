"""A build that was replaced is kept for a while, and what a new one looks like."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect, text

from countersign.aggregates.read_model import ReadModel
from countersign.projections.building.builds import Status
from countersign.projections.catalogue import UnknownProjection, projection_named
from countersign.projections.following.runner import Runner
from countersign.projections.reports.report_register import register
from countersign.projections.reports.report_register_queries import reports
from tests.integration.projections.conftest import MakeRunner
from tests.integration.projections.desk import Desk
from tests.integration.projections.rebuild_rig import REGISTER, tables_there
from tests.integration.projections.story import Story


def test_the_replaced_build_follows_and_can_be_shown_again_at_once(
    story: Story, make_runner: MakeRunner, desk: Desk
) -> None:
    story.report(title="Pumps")
    runner = make_runner(lease_ttl_s=0)
    runner.catch_up()
    desk.rebuild(REGISTER, keep=True)
    story.report(number="SAT-2", title="Valves")
    runner.catch_up()
    assert [build.status for build in desk.builds("report_register")] == [Status.FOLLOWING, Status.LIVE]
    desk.order("report_register", ReadModel.RollbackOrdered, build=1)
    assert desk.builder.bring("report_register", 1).status is Status.LIVE
    assert {row.title for row in reports(story.databases.read).rows} == {"Pumps", "Valves"}
    assert desk.build("report_register", 2).status is Status.FOLLOWING
    assert [(build.build, build.replaces) for build in desk.announced] == [(2, 1), (1, 2)]


def test_a_kept_build_is_dropped_when_its_time_is_over_or_when_it_is_ordered(
    story: Story, runner: Runner, desk: Desk
) -> None:
    runner.catch_up()
    impatient = Desk(story, keep_replaced_h=0)
    impatient.rebuild(REGISTER, keep=True)
    impatient.builder.tidy()
    assert desk.build("report_register", 1).status is Status.RETIRED
    desk.rebuild(REGISTER, keep=True)
    assert desk.build("report_register", 2).status is Status.FOLLOWING
    desk.order("report_register", ReadModel.RetirementOrdered, build=2)
    desk.builder.tidy()
    assert desk.build("report_register", 2).status is Status.RETIRED
    with desk.read.read() as connection:
        held = connection.scalars(
            text("SELECT role FROM leases WHERE role LIKE 'projection:report_register:%'")
        )
        assert not {
            role
            for role in held
            if role.startswith(("projection:report_register:1:", "projection:report_register:2:"))
        }
    kept = {name for name in tables_there(story) if name.startswith("report_register")}
    assert kept == set(desk.live("report_register").tables)


def test_the_indexes_of_a_rebuilt_table_are_those_of_a_new_one(
    story: Story, runner: Runner, desk: Desk
) -> None:
    def indexes(table: str) -> set[tuple[object, ...]]:
        with story.databases.read.read() as connection:
            found = inspect(connection).get_indexes(table)
        return {(str(one["name"]).removeprefix(table), *one["column_names"]) for one in found}

    before = indexes(register.name)
    runner.catch_up()
    desk.rebuild(REGISTER)
    assert indexes(f"{register.name}_b2") == before


def test_an_unknown_projection_is_named_with_those_there_are() -> None:
    with pytest.raises(UnknownProjection, match="audit_log"):
        projection_named("audit")
