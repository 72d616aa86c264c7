"""What is due next, and orders about schedules, at the command line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.aggregates.schedule.cadence import Cadence, Rhythm, Weekday
from countersign.aggregates.schedule.plan import Plan
from countersign.aggregates.schedule.report_query import ReportQuery
from countersign.commands.schedule.create_schedule import CreateSchedule
from countersign.eventstore.context import Context
from countersign.projections.work.periodic_times import PeriodicTimes, write_times
from tests.integration.cli.installation import ADMINISTRATOR, PASSWORD, Installation

CADENCE = Cadence(rhythm=Rhythm.WEEKLY, at="07:30", weekdays=(Weekday.MONDAY,), time_zone="Europe/Berlin")
SOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def kept(installation: Installation) -> UUID:
    schedule = uuid4()
    with installation.opened() as base:
        roster = base.store.aggregates.find(Roster, ROSTER_ID)
        assert roster is not None
        (administrator,) = roster.administrators
        plan = Plan(name="Open reports", query=ReportQuery(), cadence=CADENCE, recipients=(administrator,))
        context = Context(actor=administrator, command_key=str(uuid4()), correlation="test")
        base.dispatcher.dispatch(CreateSchedule(schedule_id=schedule, plan=plan), context)
    installation.project()
    return schedule


def listed(installation: Installation) -> Any:
    installation.project()
    (row,) = installation.run("schedules", "list", "--json").json["list"]
    return row


def test_periodic_work_and_schedules_stand_in_the_order_in_which_they_are_due(
    installation: Installation,
) -> None:
    assert "does `countersign schedule` run?" in installation.run("schedules").out
    kept(installation)
    row = PeriodicTimes(
        kind="clean_up", rule="every 86400 s", missed="once", seen_to=None, next_due_at=SOON, written_at=SOON
    )
    with installation.opened() as base, base.databases.read.write() as connection:
        write_times(connection, row)

    due = installation.run("schedules", "next", "--json").json["next"]
    assert [each["what"] for each in due] == ["clean_up", "Open reports"]
    assert due[1]["rule"] == "weekly mon 07:30 (Europe/Berlin)"
    assert "Open reports" in installation.run("schedules").out


def test_a_schedule_is_paused_resumed_and_run_in_somebodys_name(on_sqlite: Installation) -> None:
    assert on_sqlite.run("schedules", "list").out.startswith("None is kept")
    schedule = kept(on_sqlite)
    nameless = on_sqlite.run("schedules", "pause", str(schedule))
    assert (nameless.status, "--as" in nameless.err) == (2, True)

    by_me = ("--as", ADMINISTRATOR, "--password-stdin")
    assert on_sqlite.run("schedules", "pause", str(schedule), *by_me, typed=PASSWORD).status == 0
    assert (listed(on_sqlite)["state"], listed(on_sqlite)["next_due_at"]) == ("paused", None)
    assert on_sqlite.run("schedules", "resume", str(schedule), *by_me, typed=PASSWORD).status == 0
    assert on_sqlite.run("schedules", "run", str(schedule), *by_me, typed=PASSWORD).status == 0
    assert (listed(on_sqlite)["state"], listed(on_sqlite)["latest_run"]) == ("active", "running")
    change = ("schedules", "change", str(schedule), "--weekly", "tue,thu", "18:00", "--name", "Evenings")
    assert "next due at" in on_sqlite.run(*change, *by_me, typed=PASSWORD).out
    assert (listed(on_sqlite)["name"], listed(on_sqlite)["rhythm"]) == (
        "Evenings",
        "weekly tue,thu 18:00 (Europe/Berlin)",
    )
    unknown = on_sqlite.run("schedules", "run", str(uuid4()), *by_me, typed=PASSWORD)
    assert (unknown.status, "Refused" in unknown.err) == (1, True)
