"""What lacks events that could not be taken says so, and everything else does not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, update

from countersign.aggregates.role import Role
from countersign.eventstore.log import Append, NewEvent
from countersign.http.staleness import Item
from countersign.projections.following.positions import State, positions
from countersign.projections.letters import dead_letters
from countersign.projections.letters.dead_letters import Letter
from tests.integration.http.service import Caller, Service

FROM_THE_LOG = ("/v1/report-types",)
"""Read tables only say which there are: what is told of each is read from the log."""
COUNTS_OF_MANY = ("/v1/health", "/v1/jobs/statistics")
"""What is stale among so many rows, the header tells."""
HEADER = {"document_title": "Pumping station", "client_name": "Water & Co", "project_reference": "P-1"}


def begun(engineer: Caller) -> str:
    answer = engineer.post("/v1/reports", {"report_type": "SAT", "header": HEADER})
    assert answer.status_code == 201, answer.text
    return str(answer.json["id"])


def spoil(service: Service, stream: str, version: int) -> None:
    """An event of a program that is newer than this one."""
    strange = NewEvent(UUID(stream), version, "report.from_the_future", b"{}", b"{}")
    service.log.append(Append((strange,)))
    service.catch_up()


def park(service: Service, name: str, key: str) -> None:
    letter = Letter(
        position=10_000, key=UUID(key), stream=UUID(key), version=99, topic="some.topic", failed=True
    )
    with service.services.read.write() as connection:
        dead_letters.add(connection, (name, 1, 0), [letter])


def stale(answer: Any) -> list[bool]:
    assert answer.status_code == 200, answer.text
    return [each["stale"] for each in answer.json["items"]]


def test_a_report_whose_event_could_not_be_taken_is_stale_in_every_list(
    service: Service, engineer: Caller
) -> None:
    fine, spoilt = begun(engineer), begun(engineer)
    service.catch_up()
    answer = engineer.get("/v1/reports")
    assert (stale(answer), answer.headers.get("stale-keys")) == ([False, False], None)
    spoil(service, spoilt, 2)

    answer = engineer.get("/v1/reports")
    assert answer.headers["stale-keys"] == "1"
    assert {each["id"]: each["stale"] for each in answer.json["items"]} == {fine: False, spoilt: True}
    assert answer.headers["as-of-position"] == str(service.log.head())


def test_what_is_told_of_one_report_is_stale_when_its_address_is(service: Service, engineer: Caller) -> None:
    fine, parked = begun(engineer), begun(engineer)
    service.catch_up()
    for name in ("revision_history", "audit_log"):
        park(service, name, parked)
    revisions = engineer.get(f"/v1/reports/{parked}/revisions")
    assert stale(revisions) == [True]
    assert [each["stale"] for each in revisions.json["steps"]] == [True]
    assert stale(engineer.get(f"/v1/reports/{fine}/revisions")) == [False]
    assert set(stale(engineer.get(f"/v1/reports/{parked}/history"))) == {True}
    assert set(stale(engineer.get(f"/v1/reports/{fine}/history"))) == {False}


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("people", "/v1/accounts"),
        ("sessions", "/v1/sessions"),
        ("security_events", "/v1/security-events"),
        ("audit_log", "/v1/audit"),
    ],
)
def test_what_hangs_on_an_account_that_lacks_events_is_stale(
    service: Service, administrator: Caller, name: str, path: str
) -> None:
    service.catch_up()
    assert True not in stale(administrator.get(path))
    park(service, name, administrator.account)
    answer = administrator.get(path)
    assert answer.headers["stale-keys"] == "1"
    assert True in stale(answer)


def test_a_single_job_says_that_it_is_stale(service: Service, engineer: Caller) -> None:
    report = begun(engineer)
    job = str(engineer.post(f"/v1/reports/{report}/renderings", {"format": "docx"}).json["id"])
    service.catch_up()
    assert engineer.get(f"/v1/jobs/{job}").json["stale"] is False
    park(service, "job_board", job)
    answer = engineer.get(f"/v1/jobs/{job}")
    assert (answer.json["stale"], answer.headers["stale-keys"]) == (True, "1")
    assert stale(service.signed_in(Role.OPERATOR).get("/v1/jobs")) == [True]


def test_letters_of_tables_that_nobody_sees_mark_nothing(service: Service, engineer: Caller) -> None:
    report = begun(engineer)
    service.catch_up()
    letter = Letter(position=1, key=UUID(report), stream=UUID(report), version=1, topic="a.b", failed=True)
    with service.services.read.write() as connection:
        dead_letters.add(connection, ("report_register", 2, 0), [letter])
        dead_letters.add(connection, ("people", 1, 0), [letter])
    answer = engineer.get("/v1/reports")
    assert (stale(answer), "stale-keys" in answer.headers) == ([False], False)


def test_a_service_whose_read_tables_lack_events_serves_and_says_that_it_is_degraded(
    service: Service, engineer: Caller
) -> None:
    report = begun(engineer)
    service.catch_up()
    assert service.nobody.get("/readyz").json["status"] == "ready"
    park(service, "report_register", report)
    answer = service.nobody.get("/readyz")
    assert (answer.status_code, answer.json["status"]) == (200, "degraded")
    assert answer.json["reason"] == "events that could not be taken: report_register"
    (told,) = [each for each in answer.json["projections"] if each["name"] == "report_register"]
    assert (told["letters"], told["parked_keys"]) == (1, 1)


def test_a_service_with_a_read_table_that_has_stopped_goes_on_serving(service: Service) -> None:
    service.catch_up()
    with service.services.read.write() as connection:
        connection.execute(update(positions).where(positions.c.name == "people").values(state=State.FAILED))
        connection.execute(update(positions).where(positions.c.name == "sessions").values(state=State.PAUSED))
    answer = service.nobody.get("/readyz")
    assert (answer.status_code, answer.json["status"]) == (200, "degraded")
    assert answer.json["reason"] == "stopped: people; paused: sessions"


def test_without_letters_a_query_costs_no_further_statement(service: Service, engineer: Caller) -> None:
    report = begun(engineer)
    service.catch_up()
    statements: list[str] = []
    read = service.services.read.connections
    with service.services.read.read() as connection:
        engine = connection.engine
    assert read is not None
    listen = lambda *told: statements.append(told[2])  # noqa: E731 - taken away again below
    event.listen(engine, "before_cursor_execute", listen)
    try:
        engineer.get(f"/v1/reports/{report}/revisions")
        about_letters = [each for each in statements if "projection_dead_letters" in each]
        assert len(about_letters) == 1
        assert "projection_positions" in about_letters[0], "the one that reads how fresh the table is"
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def test_every_item_of_a_read_table_can_say_that_it_is_stale(service: Service) -> None:
    document = service.nobody.get("/openapi.json").json
    schemas = document["components"]["schemas"]
    silent = []
    for path, methods in document["paths"].items():
        told = methods.get("get", {}).get("responses", {}).get("200", {})
        as_json = "application/json" in told.get("content", {})  # a file says it in a column
        if (
            "Stale-Keys" not in told.get("headers", {})
            or path in (*FROM_THE_LOG, *COUNTS_OF_MANY)
            or not as_json
        ):
            continue
        name = told["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        items = schemas[name]["properties"].get("items")
        if items is not None:
            name = items["items"]["$ref"].rpartition("/")[2]
        if "stale" not in schemas[name]["properties"]:
            silent.append((path, name))
    assert silent == []


def test_every_item_names_what_it_hangs_on_by_a_field_or_its_address(service: Service) -> None:
    kinds = [
        *Item.__subclasses__(),
        *(each for kind in Item.__subclasses__() for each in kind.__subclasses__()),
    ]
    assert len(kinds) > 12
    addresses = " ".join(service.nobody.get("/openapi.json").json["paths"])
    for kind in kinds:
        assert kind.HANGS_ON, kind
        for name in kind.HANGS_ON:
            assert name in kind.model_fields or f"{{{name}}}" in addresses, (kind, name)
