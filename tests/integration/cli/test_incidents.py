"""Operators see to incidents at the command line, and status tells of them."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from countersign.aggregates.incident import IncidentSeverity, incident_id
from countersign.cli.foundation import Foundation, utc_now
from countersign.cli.health_probes import health_probes
from countersign.commands.incident.open_incident import OpenIncident
from countersign.eventstore.context import SYSTEM, Context
from countersign.projections.health.health_readings import record
from countersign.projections.health.reading import Condition, failed, well
from tests.integration.cli.installation import ADMINISTRATOR, PASSWORD, Installation

SINCE = utc_now() - timedelta(minutes=3)
SMTP = incident_id("smtp", SINCE)
AS = ("--as", ADMINISTRATOR, "--password-stdin")


def opened(base: Foundation, component: str = "smtp") -> None:
    command = OpenIncident(
        component=component, severity=IncidentSeverity.CRITICAL, reading="refused", since=SINCE
    )
    context = Context(actor=SYSTEM, command_key=str(uuid4()), correlation="test")
    base.dispatcher.dispatch(command, context)


def test_an_operator_acknowledges_and_resolves_one(on_sqlite: Installation) -> None:
    assert on_sqlite.run("incidents").out == "There are none that are not over.\n"
    with on_sqlite.opened() as base:
        opened(base)
    on_sqlite.project()

    (listed,) = on_sqlite.run("incidents", "list", "--json").json["incidents"]
    assert (listed["incident_id"], listed["status"]) == (str(SMTP), "open")
    said = on_sqlite.run("incidents", "acknowledge", str(SMTP), "--note", "on my way", *AS, typed=PASSWORD)
    assert (said.status, said.out.splitlines()[0]) == (0, "The incident is acknowledged.")
    without = on_sqlite.run("incidents", "resolve", str(SMTP), *AS, typed=PASSWORD)
    assert without.status == 1
    assert without.err.endswith("Refused: say what was done about it\n")
    said = on_sqlite.run(
        "incidents", "resolve", str(SMTP), "--note", "restarted", *AS, "--json", typed=PASSWORD
    )
    assert said.json["status"] == "resolved"
    on_sqlite.project()

    shown = on_sqlite.run("incidents", "show", str(SMTP), "--json").json
    assert (shown["acknowledged_note"], shown["resolved_note"]) == ("on my way", "restarted")
    assert str(SMTP) in on_sqlite.run("incidents", "list", "--all").out
    assert on_sqlite.run("incidents", "show", str(uuid4())).status == 1


def test_status_tells_what_the_health_check_has_found_and_what_to_do(installation: Installation) -> None:
    with installation.at_work() as base:
        read, now = base.databases.read, utc_now()
        record(read, "disk:one", well("9 GiB free"), now, 1.0)
        record(read, "smtp", failed("refused; mails wait", "Start the mail server."), now, 1.0)
        said, document = installation.run("status"), installation.run("status", "--json").json

    assert said.status == 1
    assert said.out.startswith("IS IT HEALTHY?  No: 1 thing to do, below.")
    assert "smtp failed" in said.out
    assert "Start the mail server." in said.out
    (problem,) = document["problems"]
    assert (problem["component"], problem["condition"]) == ("smtp", "failed")


def test_status_says_when_nobody_looks_any_more(on_sqlite: Installation) -> None:
    with on_sqlite.at_work() as base:
        record(base.databases.read, "smtp", well("it greets us"), utc_now() - timedelta(minutes=7), 1.0)
        said = on_sqlite.run("status", "--json")
    assert [each["component"] for each in said.json["problems"]] == ["health_check"]
    assert "Nobody has looked at the health for 7 min" in said.json["problems"][0]["what"]


def test_an_incident_that_nobody_looks_at_is_a_thing_to_do(on_sqlite: Installation) -> None:
    with on_sqlite.opened() as base:
        opened(base, "disk:gone")
    with on_sqlite.at_work():
        said = on_sqlite.run("status", "--json")
    (problem,) = said.json["problems"]
    assert f"countersign incidents resolve {incident_id('disk:gone', SINCE)}" in problem["remedy"]


@pytest.mark.parametrize(
    ("component", "condition"), [("schedule", Condition.FAILED), ("queues", Condition.OK)]
)
def test_the_health_check_reads_what_status_tells(
    on_sqlite: Installation, component: str, condition: Condition
) -> None:
    with on_sqlite.opened() as base:
        reading = health_probes(base)[component]()
    assert reading.condition is condition
    assert bool(reading.remedy) is (condition is Condition.FAILED)
