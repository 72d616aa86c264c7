"""Operators see what the databases hold, and have periodic work done now."""

from __future__ import annotations

from uuid import UUID

import pytest

from countersign.aggregates.role import Role
from countersign.commands.maintenance.complete_maintenance import CompleteMaintenance
from tests.integration.http.service import Caller, Service


@pytest.fixture
def operator(service: Service) -> Caller:
    return service.signed_in(Role.OPERATOR)


def test_an_operator_sees_tables_indexes_slow_queries_and_pools(operator: Caller) -> None:
    tables = operator.get("/v1/database/tables").json
    pool = operator.get("/v1/database/pool").json

    assert {each["database"] for each in tables["databases"]} == {"log", "read", "keys"}
    assert "events" in {each["table"] for each in tables["items"] if each["database"] == "log"}
    assert operator.get("/v1/database/indexes").json["items"] == []
    assert operator.get("/v1/database/slow-queries", limit=5).json == {"threshold_ms": 0, "items": []}
    assert pool["process_id"] > 0
    assert sum(each["in_use"] + each["idle"] for each in pool["pools"]) > 0


def test_periodic_work_is_ordered_and_its_result_is_listed(service: Service, operator: Caller) -> None:
    ordered = operator.post("/v1/maintenance", {"kind": "clean_up"}, key="tidy-now")
    assert ordered.status_code == 202, ordered.text
    assert ordered.json["kind"] == "clean_up"
    assert operator.post("/v1/maintenance", {"kind": "clean_up"}, key="tidy-now").json == ordered.json
    service.give(CompleteMaintenance(job_id=UUID(ordered.json["id"]), result={"orphaned_blobs": "3"}))
    service.catch_up()

    (run,) = operator.get("/v1/maintenance", kind="clean_up").json["items"]

    assert (run["id"], run["subject"], run["state"]) == (ordered.json["id"], "clean_up", "succeeded")
    assert run["result"] == {"orphaned_blobs": "3"}
    assert operator.get(ordered.json["job"]).json["state"] == "succeeded"
    assert operator.get("/v1/maintenance", kind="spring_clean").json["items"] == []


def test_work_that_there_is_not_is_refused_with_what_there_is(operator: Caller) -> None:
    answer = operator.post("/v1/maintenance", {"kind": "spring_clean"})

    assert (answer.status_code, answer.json["code"]) == (422, "unknown_maintenance")
    assert "clean_up" in answer.json["detail"]


@pytest.mark.parametrize("path", ["tables", "indexes", "slow-queries", "pool"])
def test_only_those_who_run_the_machine_look_into_the_databases(service: Service, path: str) -> None:
    for role in (Role.ENGINEER, Role.AUDITOR):
        assert service.signed_in(role).get(f"/v1/database/{path}").status_code == 403
    assert service.signed_in(Role.ADMINISTRATOR).get(f"/v1/database/{path}").status_code == 200
