"""Schedules, and when periodic work is due, seen from outside."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from countersign.aggregates.role import Role
from countersign.projections.work.periodic_runs import PeriodicRun, keep_run
from countersign.projections.work.periodic_times import PeriodicTimes, write_times
from tests.integration.http.service import Caller, Service

CADENCE = {"rhythm": "weekly", "weekdays": ["mon"], "at": "07:30", "time_zone": "Europe/Berlin"}


def asked(caller: Caller, **changes: Any) -> dict[str, Any]:
    body = {
        "name": "Open reports",
        "query": {"overdue": True, "client_name": "ΔΕΥΑ"},
        "cadence": CADENCE,
        "recipients": [str(caller.account)],
    }
    return {**body, **changes}


def test_a_schedule_is_kept_listed_paused_resumed_run_and_deleted(service: Service, engineer: Caller) -> None:
    kept = engineer.post("/v1/schedules", asked(engineer), key="once")
    again = engineer.post("/v1/schedules", asked(engineer), key="once")
    assert (kept.status_code, again.json["id"]) == (201, kept.json["id"]), kept.text
    location = kept.headers["location"]
    service.catch_up()

    shown = engineer.get(location).json
    assert shown == engineer.get("/v1/schedules").json["items"][0]
    assert shown["cadence"] == {**CADENCE, "day": 0, "expression": ""}
    assert (shown["query"]["overdue"], shown["query"]["status"]) == (True, None)
    assert len(shown["next"]) == 5
    assert {datetime.fromisoformat(time).astimezone().weekday() for time in shown["next"]} == {0}
    assert (shown["missed"], shown["latest_run"]) == ("once", None)

    paused = engineer.post(f"{location}/pause")
    assert (paused.status_code, paused.json["paused"], paused.json["next"]) == (200, True, [])
    assert engineer.post(f"{location}/resume").json["next"] == shown["next"]
    run = engineer.post(f"{location}/run")
    assert (run.status_code, run.json["latest_run"]["state"]) == (202, "running")
    service.catch_up()
    assert engineer.get(location).json == engineer.get("/v1/schedules").json["items"][0]

    assert engineer.send("DELETE", location).status_code == 204
    assert engineer.get(location).status_code == 404
    gone = engineer.post(f"{location}/run")
    assert (gone.status_code, gone.json["code"]) == (404, "schedule_deleted")


def test_a_schedule_is_changed_by_who_has_seen_it_as_it_is(service: Service, engineer: Caller) -> None:
    made = engineer.post("/v1/schedules", asked(engineer))
    location, tag = made.headers["location"], made.headers["etag"]
    daily = asked(engineer, name="Daily", cadence={"rhythm": "daily", "at": "06:00"})
    blind = engineer.put(location, daily)
    assert (blind.status_code, blind.json["code"]) == (428, "precondition_required")
    changed = engineer.put(location, daily, if_match=tag)
    assert (changed.status_code, changed.json["name"]) == (200, "Daily"), changed.text
    assert changed.json["next"] != made.json["next"]
    late = engineer.put(location, asked(engineer), if_match=tag)
    assert (late.status_code, late.json["code"]) == (412, "stale_version")
    service.catch_up()
    assert engineer.get("/v1/schedules").json["items"][0] == engineer.get(location).json == changed.json
    stranger = service.signed_in(Role.PROJECT_MANAGER)
    assert stranger.put(location, daily, if_match=changed.headers["etag"]).status_code == 404


def test_a_schedule_tells_of_a_saved_search_until_that_is_gone(service: Service, engineer: Caller) -> None:
    body = {"name": "Pumps", "search": {"q": "pump"}}
    search = engineer.post("/v1/searches", body).json["id"]
    both = engineer.post("/v1/schedules", asked(engineer, search=search))
    assert [error["pointer"] for error in both.json["errors"]] == ["/query"]
    kept = engineer.post("/v1/schedules", asked(engineer, search=search, query={}))
    assert (kept.status_code, kept.json["search"]) == (201, search), kept.text
    assert engineer.send("DELETE", f"/v1/searches/{search}").status_code == 204
    hindered = engineer.post(f"{kept.headers['location']}/run")
    assert (hindered.status_code, hindered.json["code"]) == (409, "schedule_hindered")


def test_schedules_of_others_are_there_for_who_runs_the_machine_only(
    service: Service, engineer: Caller
) -> None:
    location = engineer.post("/v1/schedules", asked(engineer)).headers["location"]
    service.catch_up()
    manager, auditor = service.signed_in(Role.PROJECT_MANAGER), service.signed_in(Role.AUDITOR)
    for stranger in (manager, auditor):
        assert stranger.get(location).status_code == 404
        assert stranger.post(f"{location}/pause").status_code == 404
    assert manager.get("/v1/schedules").json["items"] == []
    assert auditor.get("/v1/schedules").status_code == 403
    assert auditor.post("/v1/schedules", asked(auditor)).status_code == 403

    operator = service.signed_in(Role.OPERATOR)
    assert [each["id"] for each in operator.get("/v1/schedules").json["items"]] == [location[-36:]]
    assert operator.post(f"{location}/pause").json["paused"] is True


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"cadence": {"rhythm": "cron", "expression": "61 * * * *"}}, "/cadence/expression"),
        ({"cadence": {"rhythm": "cron", "expression": "0 0 31 2 *"}}, "/cadence"),
        ({"cadence": {"rhythm": "daily", "at": "6:30"}}, "/cadence/at"),
        ({"cadence": {"rhythm": "daily", "at": "06:30", "time_zone": "Mars/Base"}}, "/cadence/time_zone"),
        ({"recipients": ["00000000-0000-0000-0000-000000000001"]}, "/recipients/0"),
        ({"cadence": {"rhythm": "cron", "expression": "*/5 * * * *"}}, "/cadence/expression"),
        ({"cadence": {**CADENCE, "weekdays": ["mon", "mon"]}}, "/cadence/weekdays"),
        ({"search": "00000000-0000-0000-0000-000000000001", "query": {}}, "/search"),
        ({"name": " "}, "/name"),
        ({"recipients": []}, "/recipients"),
        ({"query": {"colour": "red"}}, "/query/colour"),
    ],
)
def test_a_schedule_that_says_nothing_is_refused_where_it_is_wrong(
    engineer: Caller, changes: dict[str, Any], pointer: str
) -> None:
    refused = engineer.post("/v1/schedules", asked(engineer, **changes))
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json["errors"]] == [pointer]


def test_operators_see_when_periodic_work_is_due_next(service: Service, engineer: Caller) -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    row = PeriodicTimes(
        kind="clean_up", rule="every 86400 s", missed="once", seen_to=noon, next_due_at=noon, written_at=noon
    )
    with service.services.read.write() as connection:
        write_times(connection, row)
    operator = service.signed_in(Role.OPERATOR)
    (shown,) = operator.get("/v1/maintenance/schedule").json["items"]
    assert (shown["kind"], shown["next_due_at"]) == ("clean_up", "2026-03-01T12:00:00Z")
    assert shown["latest_run"] is None
    run = PeriodicRun(kind="clean_up", due_at=noon, ended_at=noon, result={"blobs": "3"})
    keep_run(service.services.read, run)
    (shown,) = operator.get("/v1/maintenance/schedule").json["items"]
    assert (shown["latest_run"]["result"], shown["latest_run"]["error"]) == ({"blobs": "3"}, None)
    assert engineer.get("/v1/maintenance/schedule").status_code == 403
