"""Read tables are listed, made anew from the log, and tried again, from the command line."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

from sqlalchemy import update

from countersign.aggregates.report.report import Report
from countersign.eventstore.leases import Leases
from countersign.projections import positions, schema
from countersign.projections.catalogue import PROJECTIONS
from tests.integration.cli.installation import Installation
from tests.integration.projections.journal import MANAGER


def happen(installation: Installation, *, live: bool = False) -> None:
    """Something in every table; `live` ones see the mail before they see it sent."""
    with installation.story() as story:
        report = story.report()
        story.section_saved(report, "summary", {"text": "All is well."})
        story.submitted(report)
        mail = story.mail(story.stage_opened(report), MANAGER)
        if live:
            installation.project()
        story.mail_sent(mail)
        rendering = story.rendering(report)
        story.rendered(rendering)


def test_each_is_listed_with_its_lag(installation: Installation) -> None:
    installation.project()
    happen(installation)
    said = installation.run("projections", "list", "--json")
    assert said.status == 0
    assert [lag["name"] for lag in said.json["projections"]] == [each.name for each in PROJECTIONS]
    assert {lag["events"] for lag in said.json["projections"]} == {11}
    assert "report_register" in installation.run("projections").out


def test_all_are_rebuilt_and_equal_to_what_they_were(installation: Installation) -> None:
    happen(installation, live=True)
    installation.project()
    said = installation.run("projections", "rebuild", "all", "--json")
    assert said.status == 0
    assert {each["name"]: each["different"] for each in said.json["rebuilt"]} == {
        projection.name: 0 for projection in PROJECTIONS
    }


def test_a_rebuild_brings_back_what_was_dropped(installation: Installation) -> None:
    happen(installation)
    with installation.opened() as base:
        schema.drop(base.databases.read, PROJECTIONS)
        head = base.log.head()
    said = installation.run("projections", "rebuild", "all")
    assert said.status == 0
    assert f"report_register: 2 rows at position {head}, nothing to compare with." in said.out
    lags = installation.run("projections", "list", "--json").json["projections"]
    assert {lag["events"] for lag in lags} == {0}


def test_rows_that_differ_are_counted(installation: Installation) -> None:
    happen(installation)
    installation.project()
    with installation.opened() as base, base.databases.read.write() as connection:
        connection.exec_driver_sql("UPDATE report_register_v1 SET title = 'forged'")
    said = installation.run("projections", "rebuild", "report_register")
    assert "1 row different from before" in said.out


def test_one_that_is_being_rebuilt_is_refused_and_the_others_go_on(installation: Installation) -> None:
    with installation.opened() as base:
        Leases(base.databases.read).acquire("rebuild:people", "somebody", 60.0)
    said = installation.run("projections", "rebuild", "all", "--json")
    assert said.status == 1
    assert list(said.json["refused"]) == ["people"]
    assert len(said.json["rebuilt"]) == len(PROJECTIONS) - 1
    assert "people was not rebuilt" in said.err


def test_an_event_that_cannot_be_read_leaves_the_tables_as_they_were(on_sqlite: Installation) -> None:
    happen(on_sqlite)
    on_sqlite.project()
    with on_sqlite.opened() as base, base.databases.log.write() as connection:
        spoilt = "UPDATE events SET state = '{}' WHERE topic = ?"
        connection.exec_driver_sql(spoilt, (Report.SectionSaved.TOPIC,))
    said = on_sqlite.run("projections", "rebuild", "report_register")
    assert said.status == 1
    assert "report_register was not rebuilt, its tables are as they were" in said.err
    assert "report.section_saved" in said.err


def test_one_that_has_stopped_is_tried_again(on_sqlite: Installation) -> None:
    on_sqlite.project()
    with on_sqlite.opened() as base, base.databases.read.write() as connection:
        stopped = update(positions.positions).where(positions.positions.c.name == "people")
        connection.execute(stopped.values(state=positions.State.FAILED, error="disk full"))
    assert on_sqlite.run("projections", "retry", "all", "--json").json == {"retried": ["people"]}
    assert on_sqlite.run("projections", "retry", "people").out == "None of them had failed.\n"


def test_an_unknown_name_is_a_wrong_call(on_sqlite: Installation) -> None:
    said = on_sqlite.run("projections", "rebuild", "reports")
    assert said.status == 2
    assert "report_register" in said.err
    assert on_sqlite.run("projections", "rebuild").status == 2


def test_on_a_terminal_a_bar_shows_how_far_it_is(on_sqlite: Installation) -> None:
    happen(on_sqlite)
    shown = on_a_terminal("projections", "rebuild", "all", "--data-dir", str(on_sqlite.folder))
    assert "━" in shown
    assert "/s" in shown
    assert "report_register: 2 rows" in shown


def on_a_terminal(*arguments: str) -> str:
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "countersign.cli.main", *arguments]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120", "COUNTERSIGN_ENV": "testing"}
    with subprocess.Popen(command, stdout=follower, stderr=follower, env=environment) as process:
        os.close(follower)
        shown = b"".join(iter(lambda: _read(leader), b""))
        process.wait(60)
    os.close(leader)
    return shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # its last user is gone
        return b""
