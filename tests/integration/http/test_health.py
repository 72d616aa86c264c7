"""Operators ask over HTTP how everything stands, and see to incidents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from countersign.aggregates.incident import IncidentSeverity, incident_id
from countersign.aggregates.operations_report import Period, ReportFile
from countersign.aggregates.role import Role
from countersign.commands.incident.open_incident import OpenIncident
from countersign.commands.operations_report.note_operations_report import NoteOperationsReport
from countersign.eventstore.context import SYSTEM, Context
from countersign.projections.health.figure import Figure
from countersign.projections.health.health_readings import record
from countersign.projections.health.metrics_samples import keep_samples
from countersign.projections.health.reading import Reading, failed, well, worse
from tests.integration.http.service import Caller, Service

SINCE = datetime(2026, 3, 2, 9, 27, tzinfo=UTC)
SMTP = incident_id("smtp", SINCE)


@pytest.fixture
def operator(service: Service) -> Caller:
    return service.signed_in(Role.OPERATOR)


def look(service: Service, component: str, reading: Reading, ago: timedelta = timedelta()) -> None:
    record(service.services.read, component, reading, service.services.clock() - ago, took_ms=2.5)


def opened(service: Service) -> None:
    command = OpenIncident(
        component="smtp", severity=IncidentSeverity.CRITICAL, reading="refused", since=SINCE
    )
    service.services.dispatch(command, Context(actor=SYSTEM, command_key=str(uuid4()), correlation="test"))
    service.catch_up()


def test_the_worst_component_is_the_verdict(service: Service, operator: Caller) -> None:
    seen = [operator.get("/v1/health").json["status"]]
    for component, reading in (
        ("database", well("it answers", answer_ms=0.5)),
        ("redis", worse("slow", "start it")),
        ("smtp", failed("refused", "start the mail server")),
    ):
        look(service, component, reading)
        seen.append(operator.get("/v1/health").json["status"])
    assert seen == ["unknown", "healthy", "degraded", "failed"]

    database, redis, smtp = operator.get("/v1/health").json["components"]
    assert (database["condition"], database["figures"], database["unseen"]) == (
        "ok",
        {"answer_ms": 0.5},
        False,
    )
    assert (redis["condition"], redis["remedy"]) == ("degraded", "start it")
    assert (smtp["condition"], smtp["says"], smtp["run"]) == ("failed", "refused", 1)


def test_what_nobody_has_looked_at_lately_decides_nothing(service: Service, operator: Caller) -> None:
    look(service, "smtp", failed("refused", "start it"), ago=timedelta(minutes=6))
    answer = operator.get("/v1/health").json
    assert (answer["status"], answer["components"][0]["unseen"]) == ("unknown", True)


def test_the_readings_of_a_component_can_be_followed(service: Service, operator: Caller) -> None:
    for minutes in (3, 2, 1):
        look(service, "disk:one", well(f"{minutes} GiB free", free_bytes=minutes), timedelta(minutes=minutes))
    items = operator.get("/v1/health/readings?component=disk:one&limit=2").json["items"]
    assert [each["says"] for each in items] == ["1 GiB free", "2 GiB free"]


def test_an_operator_sees_to_an_incident(service: Service, operator: Caller) -> None:
    opened(service)
    (listed,) = operator.get("/v1/incidents?status=open").json["items"]
    assert (listed["incident_id"], listed["severity"]) == (str(SMTP), "critical")
    assert operator.get("/v1/health").json["incidents"] == [listed]

    acknowledged = operator.post(f"/v1/incidents/{SMTP}/acknowledge", {"note": "on my way"})
    assert acknowledged.json == {"incident_id": str(SMTP), "status": "acknowledged"}
    again = operator.post(f"/v1/incidents/{SMTP}/acknowledge", {})
    assert (again.status_code, again.json["code"]) == (409, "incident_acknowledged")
    without = operator.post(f"/v1/incidents/{SMTP}/resolve", {"note": "  "})
    assert (without.status_code, without.json["code"]) == (422, "note_needed")
    resolved = operator.post(f"/v1/incidents/{SMTP}/resolve", {"note": "restarted"})
    assert resolved.json["status"] == "resolved"

    service.catch_up()
    shown = operator.get(f"/v1/incidents/{SMTP}").json
    assert (shown["status"], shown["acknowledged_note"], shown["resolved_note"]) == (
        "resolved",
        "on my way",
        "restarted",
    )
    assert operator.get(f"/v1/incidents/{uuid4()}").status_code == 404


def test_engineers_run_no_machine(service: Service, engineer: Caller) -> None:
    opened(service)
    for path in ("/v1/health", "/v1/incidents", f"/v1/incidents/{SMTP}"):
        assert engineer.get(path).status_code == 403
    assert engineer.post(f"/v1/incidents/{SMTP}/resolve", {"note": "done"}).status_code == 403


def test_the_trend_of_a_figure_can_be_asked_for(service: Service, operator: Caller) -> None:
    now = service.services.clock()
    for number in range(6):
        keep_samples(
            service.services.read,
            [Figure("queue_waiting", 2.0 * number, {"queue": "mail"})],
            now - timedelta(minutes=5 * (6 - number)),
        )
    assert operator.get("/v1/metrics").json["items"] == [{"name": "queue_waiting", "label": "queue=mail"}]
    (trend,) = operator.get("/v1/metrics/trends?name=queue_waiting&every_s=300").json["items"]
    assert (trend["label"], trend["direction"], trend["first"], trend["last"]) == (
        "queue=mail",
        "rising",
        0.0,
        10.0,
    )
    assert len(trend["points"]) == 6
    none_then = "/v1/metrics/trends?name=queue_waiting&since=2020-01-01T00:00:00Z&before=2020-01-02T00:00:00Z"
    assert operator.get(none_then).json["items"] == []


def test_a_trend_that_cannot_be_drawn_is_refused_with_what_can_be(service: Service, operator: Caller) -> None:
    figure = Figure("queue_waiting", 3.0, {"queue": "mail"})
    keep_samples(service.services.read, [figure], service.services.clock())

    def fault_of(query: str) -> tuple[str, str]:
        refused = operator.get(f"/v1/metrics/trends?{query}")
        assert (refused.status_code, refused.json["code"]) == (422, "invalid_parameters")
        (fault,) = refused.json["errors"]
        return fault["pointer"], fault["detail"]

    assert fault_of("name=nothing") == (
        "/name",
        "no figure of that name is sampled; there are: queue_waiting",
    )
    year = "since=2025-01-01T00:00:00Z&before=2026-01-01T00:00:00Z"
    pointer, fault = fault_of(f"name=queue_waiting&every_s=300&{year}")
    assert (pointer, fault[:22]) == ("/every_s", "more than 2016 spans: ")
    assert operator.get(f"/v1/metrics/trends?name=queue_waiting&every_s=86400&{year}").status_code == 200
    backwards = "name=queue_waiting&since=2026-01-02T00:00:00Z&before=2026-01-01T00:00:00Z"
    assert fault_of(backwards) == ("/since", "is not before the end")


def test_a_report_on_operations_is_downloaded(service: Service, operator: Caller, engineer: Caller) -> None:
    digest = service.services.blobs.put(b"PK a report")
    command = NoteOperationsReport(
        period=Period.DAILY,
        begins=SINCE,
        ends=SINCE + timedelta(days=1),
        files=(ReportFile("docx", digest, 11),),
    )
    service.services.dispatch(command, Context(actor=SYSTEM, command_key=str(uuid4()), correlation="test"))
    service.catch_up()

    (listed,) = operator.get("/v1/operations-reports?period=daily").json["items"]
    assert listed["files"] == [{"format": "docx", "size_bytes": 11}]
    place = f"/v1/operations-reports/{listed['report_id']}/document"
    got = operator.get(place)
    assert (got.content, got.headers["etag"]) == (b"PK a report", f'"{digest}"')
    assert "operations-daily-2026-03-02.docx" in got.headers["content-disposition"]
    assert operator.get(f"{place}?format=pdf").status_code == 404
    assert engineer.get(place).status_code == 403
