"""Figures and the register as a file, seen from outside."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from falcon.testing import Result

from countersign.aggregates.role import Role
from countersign.http.reports import export
from countersign.projections.letters.dead_letters import dead_letters
from tests.integration.http.service import Caller, Service
from tests.integration.http.test_api_clients import let_in
from tests.integration.http.test_search import other_engineer

__all__ = ["other_engineer"]
HOSTILE = ("=cmd|' /C calc'!A0", '=HYPERLINK("http://evil.example","x")', "+1+1", "-2+3", "@SUM(1)", 'a,b"c')
PATHS = tuple(f"/v1/analytics/{name}" for name in ("summary", "stages", "workload"))


def begun(caller: Caller, title: str, client: str = "Water & Co", number: str | None = None) -> str:
    header = {"document_title": title, "client_name": client}
    body = {"report_type": "SAT", "header": header} | ({"document_number": number} if number else {})
    answer = caller.post("/v1/reports", body)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


def rows_of(answer: Result) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    return list(csv.DictReader(StringIO(answer.text, newline="")))


def summary(caller: Caller, **wanted: Any) -> list[dict[str, Any]]:
    answer = caller.get("/v1/analytics/summary", **wanted)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json["items"]
    return items


def test_figures_are_told_in_json_and_the_same_in_csv(service: Service, engineer: Caller) -> None:
    begun(engineer, "Pumps")
    head = service.catch_up()
    answer = engineer.get("/v1/analytics/summary", by="person")
    (item,) = answer.json["items"]
    asked = engineer.get("/v1/analytics/summary", by="person", format="csv")
    preferred = engineer.get("/v1/analytics/summary", by="person", headers={"Accept": "text/csv"})
    (row,) = rows_of(asked)

    assert (item["group"], item["person"], item["created"]) == (engineer.account, "Person engineer", 1)
    assert (item["first_pass_yield"], item["writing_median_s"]) == (None, None)
    assert (answer.headers["as-of-position"], answer.headers["vary"]) == (str(head), "Accept")
    assert item["stale"] is False
    assert row == {
        name: "" if value is None else str(value) for name, value in {**item, "stale": "false"}.items()
    }
    assert preferred.content == asked.content
    assert asked.headers["content-disposition"].startswith('attachment; filename="countersign-summary-')
    assert engineer.get("/v1/analytics/summary", format="csv", bom="true").content[:3] == b"\xef\xbb\xbf"


@pytest.mark.parametrize("path", PATHS)
def test_every_role_is_told_what_it_may_know(service: Service, engineer: Caller, path: str) -> None:
    service.catch_up()
    seen = {role: service.signed_in(role).get(path).status_code for role in Role}

    assert seen == {role: 403 if role is Role.OPERATOR else 200 for role in Role}
    for scope, status in (("reports:read", 200), ("reports:create", 403)):
        _, program = let_in(service, Role.TECHNICAL_MANAGER, scope)
        assert program.get(path).status_code == status, scope


def test_an_engineer_is_told_of_their_own_reports_alone(
    service: Service, engineer: Caller, other_engineer: Caller
) -> None:
    begun(engineer, "Pumps", "Water")
    begun(other_engineer, "Fans", "Air")
    service.catch_up()

    assert [each["group"] for each in summary(engineer, by="client")] == ["Water"]
    assert [each["group"] for each in summary(other_engineer, by="client")] == ["Air"]
    assert [each["group"] for each in summary(service.signed_in(Role.AUDITOR), by="client")] == [
        "Air",
        "Water",
    ]
    assert rows_of(other_engineer.get("/v1/reports/export"))[0]["title"] == "Fans"
    assert len(rows_of(other_engineer.get("/v1/reports/export"))) == 1
    assert rows_of(other_engineer.get("/v1/reports/export", owner=engineer.account)) == []


def test_days_are_those_that_were_asked_for(service: Service, engineer: Caller) -> None:
    begun(engineer, "Pumps")
    service.catch_up()
    today = datetime.now(UTC).date()
    week = {"from": str(today - timedelta(days=6)), "to": str(today), "bucket": "day"}
    days = summary(engineer, **week)

    assert [each["first_day"] for each in days] == [str(today - timedelta(days=n)) for n in range(6, -1, -1)]
    assert sum(each["created"] for each in days) == 1
    assert summary(engineer, **{"from": "2020-01-01", "to": "2020-12-31"})[0]["created"] == 0
    assert summary(engineer, **{"from": "2020-01-01", "to": "2020-12-31", "by": "client"}) == []


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"from": "2026-02-30"}, "invalid_parameters"),
        ({"from": "1735689600"}, "invalid_parameters"),
        ({"from": "2026-02-02", "to": "2026-02-01"}, "bad_period"),
        ({"to": "0001-01-01"}, "bad_period"),
        ({"to": "9999-12-31"}, "bad_period"),
        ({"from": "9999-12-31"}, "bad_period"),
        ({"from": "2020-01-01", "to": "2026-01-01", "bucket": "day"}, "bad_period"),
        ({"time_zone": "Mars/Phobos"}, "bad_period"),
        ({"time_zone": "../../etc/passwd"}, "bad_period"),
        ({"bucket": "hour"}, "invalid_parameters"),
        ({"by": "stage"}, "invalid_parameters"),
        ({"format": "xlsx"}, "invalid_parameters"),
        ({"as_of": "version:1"}, "invalid_parameters"),
        ({"as_of": "2999-01-01T00:00:00Z"}, "moment_in_future"),
        ({"cursor": "x"}, "invalid_parameters"),
    ],
)
def test_what_cannot_be_told_is_refused(engineer: Caller, wanted: dict[str, str], code: str) -> None:
    answer = engineer.get("/v1/analytics/summary", **wanted)

    assert (answer.status_code, answer.json["code"]) == (422, code)


def test_figures_are_told_as_they_were(service: Service, engineer: Caller) -> None:
    begun(engineer, "Pumps")
    then = service.catch_up()
    begun(engineer, "Fans")
    service.catch_up()
    past = engineer.get("/v1/analytics/summary", as_of=f"position:{then}")
    waiting = engineer.get("/v1/analytics/workload", as_of=f"position:{then}", by="none")

    assert (past.json["items"][0]["created"], past.headers["as-of-position"]) == (1, str(then))
    assert summary(engineer)[0]["created"] == 2
    (reached,) = service.log.read(then - 1, 1)
    assert datetime.fromisoformat(waiting.json["at"]) == reached.recorded_at
    assert [each["open"] for each in waiting.json["items"]] == [0]
    moment = reached.recorded_at.isoformat()
    at = engineer.get("/v1/analytics/workload", as_of=moment).json["at"]
    assert datetime.fromisoformat(at) == reached.recorded_at


def test_hostile_texts_are_texts_in_a_spreadsheet(service: Service, engineer: Caller) -> None:
    for text in HOSTILE:
        begun(engineer, f"{text} title", client=text)
    service.catch_up()
    exported = rows_of(engineer.get("/v1/reports/export"))
    groups = rows_of(engineer.get("/v1/analytics/summary", by="client", format="csv"))
    safe = [text if text == HOSTILE[-1] else f"'{text}" for text in HOSTILE]

    assert [row["client_name"] for row in exported] == safe
    assert [row["title"] for row in exported] == [f"{text} title" for text in safe]
    assert sorted(row["group"] for row in groups) == sorted(safe)
    assert list(exported[0]) == list(export._COLUMNS)


def test_the_register_is_exported_as_it_is_listed(
    service: Service, engineer: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_AT_ONCE", 2)
    for number in range(5):
        begun(engineer, f"Pump {number}", number=f"SAT-{number}")
    then = service.catch_up()
    begun(engineer, "Fan", number="SAT-5")
    service.catch_up()
    manager = service.signed_in(Role.TECHNICAL_MANAGER)
    listed = manager.get("/v1/reports", sort="created_at").json["items"]
    whole = rows_of(manager.get("/v1/reports/export"))

    assert [row["id"] for row in whole] == [item["id"] for item in listed]
    assert {(row["owner"], row["owner_name"], row["stale"]) for row in whole} == {
        (engineer.account, "Person engineer", "false")
    }
    assert len(rows_of(manager.get("/v1/reports/export", text="pump"))) == 5
    assert len(rows_of(manager.get("/v1/reports/export", as_of=f"position:{then}"))) == 5
    assert [row["document_number"] for row in rows_of(manager.get("/v1/reports/export", text="fan"))] == [
        "SAT-5"
    ]
    monkeypatch.setattr(export, "MOST_EXPORTED", 5)
    answer = manager.get("/v1/reports/export")
    assert (answer.status_code, answer.json["code"]) == (422, "export_too_large")
    assert "content-disposition" not in answer.headers


def test_who_may_not_export_is_told_so(service: Service) -> None:
    service.catch_up()
    allowed = {role: service.signed_in(role).get("/v1/reports/export").status_code for role in Role}
    _, program = let_in(service, Role.TECHNICAL_MANAGER, "reports:read")

    assert {role for role, status in allowed.items() if status == 403} == {Role.AUDITOR, Role.OPERATOR}
    assert program.get("/v1/reports/export").status_code == 403


def test_figures_that_lack_events_say_of_how_many_reports(service: Service, engineer: Caller) -> None:
    report = UUID(begun(engineer, "Pumps").rpartition("/")[2])
    service.catch_up()
    letter = {"segment": 0, "key": report, "also": [], "stream": report, "version": 2, "topic": "report.x"}
    with service.services.read.write() as connection:
        for name in ("report_figures", "report_register"):
            place = {"name": name, "build": 1, "position": 1, "failed": True}
            connection.execute(dead_letters.insert().values(**place, **letter))
    answer = engineer.get("/v1/analytics/summary")

    assert answer.headers["stale-keys"] == "1"
    assert [each["stale"] for each in answer.json["items"]] == [True]
    assert rows_of(engineer.get("/v1/analytics/summary", format="csv"))[0]["stale"] == "true"
    assert rows_of(engineer.get("/v1/reports/export"))[0]["stale"] == "true"
