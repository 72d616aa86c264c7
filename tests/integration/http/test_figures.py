"""What Prometheus reads, and that dashboards and alerts ask for nothing else."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import yaml
from sqlalchemy import insert

from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.open_log import open_log
from countersign.eventstore.wakeups import NoWakeups
from countersign.http.about.read_table_figures import ReadTableFigures
from countersign.projections.building.builds import Status, builds
from countersign.projections.health.effect_counts import Counted, add_counts, bucket_of
from countersign.projections.health.health_readings import record
from countersign.projections.health.reading import failed, well
from countersign.projections.letters.dead_letters import dead_letters
from tests.integration.http.service import Caller, Service

DEPLOY = Path(__file__).parents[3] / "deploy"
RULES = sorted((DEPLOY / "prometheus").glob("*.rules.yaml"))
DASHBOARDS = sorted((DEPLOY / "grafana").glob("*.json"))
KEY = UUID(int=1)
NEW = {"report_type": "SAT", "header": {"document_title": "Pump station"}}


def figures(nobody: Caller) -> dict[str, float]:
    lines = [line for line in nobody.get("/metrics").text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def of(projection: str, what: str) -> str:
    return f'countersign_projection_{what}{{projection="{projection}"}}'


def test_the_lag_of_each_read_table_is_told(service: Service, engineer: Caller) -> None:
    service.catch_up()
    engineer.post("/v1/reports", NEW)
    behind = figures(service.nobody)
    head = service.catch_up()
    level = figures(service.nobody)

    assert (behind["countersign_read_tables_up"], behind["countersign_log_head"]) == (1, head)
    assert behind[of("report_register", "lag_events")] > 0
    assert behind[of("report_register", "lag_seconds")] > 0
    assert level[of("report_register", "lag_events")] == level[of("report_register", "lag_seconds")] == 0
    assert level[of("report_register", "position")] == head
    assert level[of("report_register", "owned")] == 1


def test_letters_and_builds_beside_the_live_one_are_told(service: Service) -> None:
    service.catch_up()
    letter = {"segment": 0, "key": KEY, "also": [], "stream": KEY, "version": 1, "topic": "report.created"}
    build = {"version": 1, "segments": 1, "status": Status.FOLLOWING, "report": {"different": 3}}
    with service.services.read.write() as connection:
        connection.execute(
            insert(dead_letters).values(name="people", build=1, position=1, failed=True, **letter)
        )
        connection.execute(insert(builds).values(name="people", build=2, **build))
        connection.execute(insert(builds).values(name="people", build=3, retire_at=9e9, **build))
    told = figures(service.nobody)

    assert (told[of("people", "letters")], told[of("people", "parked_keys")]) == (1, 1)
    assert told['countersign_projection_builds{projection="people",status="following"}'] == 2
    assert told['countersign_projection_build_different_rows{build="2",projection="people"}'] == 3
    assert 'countersign_projection_build_different_rows{build="3",projection="people"}' not in told


def test_an_outage_is_a_figure_and_not_an_error(service: Service) -> None:
    away = Databases(DatabaseOptions(url="postgresql://nobody@127.0.0.1:1/none"))
    services = replace(service.services, log=open_log(away, NoWakeups("a test")), read=away.read)
    try:
        (only,) = ReadTableFigures(services).collect()
    finally:
        away.close()

    assert (only.name, only.samples[0].value) == ("countersign_read_tables_up", 0)


def test_queues_health_and_workers_are_told_by_any_server(service: Service) -> None:
    read, now = service.services.read, service.services.clock()
    record(read, "smtp", failed("refused", "start it", answer_ms=3.0), now, 1.0)
    done = Counted("mail", "deliver_email", "done", bucket_of(0.2), 4, 0.8)
    add_counts(read, [done, Counted("mail", "deliver_email", "dead", bucket_of(7.0), 1, 7.0)])
    told = figures(service.nobody)

    assert told['countersign_component_condition{component="smtp"}'] == 2
    assert told['countersign_component_figure{component="smtp",figure="answer_ms"}'] == 3
    assert told['countersign_queue_waiting{queue="mail"}'] == 0
    assert told['countersign_role_held{role="scheduler"}'] == 0
    assert told['countersign_incidents{severity="critical",status="open"}'] == 0
    assert told['countersign_effects_total{kind="deliver_email",outcome="done",queue="mail"}'] == 4
    buckets = 'countersign_effect_seconds_bucket{kind="deliver_email",le="%s",queue="mail"}'
    assert [told[buckets % le] for le in ("0.1", "0.5", "30.0", "+Inf")] == [0, 4, 5, 5]
    assert told['countersign_effect_seconds_sum{kind="deliver_email",queue="mail"}'] == 7.8


def test_alerts_and_dashboards_ask_for_figures_that_there_are(service: Service) -> None:
    service.catch_up()
    record(service.services.read, "smtp", well("it greets", answer_ms=3.0), service.services.clock(), 1.0)
    text = service.nobody.get("/metrics").text
    exported = set(re.findall(r"^# TYPE (countersign_\w+)", text, re.MULTILINE))
    exported |= {f"{name}_bucket" for name in exported}
    rules = "".join(path.read_text(encoding="utf-8") for path in RULES)
    boards = [json.loads(path.read_text(encoding="utf-8"))["panels"] for path in DASHBOARDS]
    asked = set(re.findall(r"countersign_\w+", rules + json.dumps(boards)))

    assert len(asked) > 20
    assert asked - exported == set()


def test_every_alert_names_a_situation_of_the_runbook() -> None:
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in RULES]
    runbook = (DEPLOY.parent / "docs/runbook.md").read_text(encoding="utf-8").lower()
    rules = [rule for file in files for group in file["groups"] for rule in group["rules"]]
    named = [rule["annotations"]["runbook"] for rule in rules]

    assert len(named) == 23
    for place in named:
        page, _, situation = place.partition(": ")
        assert (page, f"### {situation}" in runbook) == ("docs/runbook.md", True), place


def test_no_alert_writes_over_the_label_that_tells_its_own_kind_apart() -> None:
    """Two of them would be the same to Prometheus, which then rings for neither."""
    rules = [
        rule
        for file in RULES
        for group in yaml.safe_load(file.read_text("utf-8"))["groups"]
        for rule in group["rules"]
    ]
    for rule in rules:
        outermost = re.match(r"\s*(?:max|min|sum) by \(([^)]*)\)", rule["expr"])
        told_apart = set(re.split(r", *", outermost[1])) if outermost else set()
        assert told_apart.isdisjoint(rule["labels"]), rule["alert"]
