"""Operators look after the read models over the API: lag, builds, orders, dead letters."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from falcon.testing import Result
from sqlalchemy import insert, select, update

from countersign.aggregates.role import Role
from countersign.commands.read_model.note_promotion import NotePromotion
from countersign.projections.building.builds import builds
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following.positions import State
from countersign.projections.letters.dead_letters import Wanted, dead_letters
from tests.integration.http.service import Caller, Service

WHY = "the tables are in doubt"
PEOPLE = "/v1/projections/people"
LETTER = "/v1/dead-letters/people/3"
ORDERS = ("rebuild", "compare", "rollback", "pause", "resume")
OF_A_BUILD = ("cancel", "promote", "retire")


@pytest.fixture
def operator(service: Service) -> Caller:
    return service.signed_in(Role.OPERATOR)


def order(caller: Caller, path: str, key: str | None = None, **more: Any) -> Result:
    return caller.post(path, {"reason": WHY, **more}, key=key)


def people(caller: Caller) -> Any:
    answer = caller.get(PEOPLE)
    assert answer.status_code == 200, answer.text
    return answer.json


@pytest.fixture
def letter(service: Service) -> UUID:
    """An event that people could not take; its text says something that is nobody's business."""
    stream = uuid4()
    values = {
        "name": "people",
        "build": 1,
        "position": 3,
        "segment": 0,
        "key": stream,
        "also": [],
        "stream": stream,
        "version": 1,
        "topic": "account.registered",
        "failed": True,
        "error_class": "ZeroDivisionError",
        "error": "the secret recipe",
        "attempts": 1,
    }
    with service.services.read.write() as connection:
        connection.execute(insert(dead_letters).values(**values))
    return stream


def test_each_projection_is_listed_with_its_lag_and_without_its_rows(
    service: Service, operator: Caller
) -> None:
    head = service.catch_up()
    answer = operator.get("/v1/projections")

    assert answer.headers["as-of-position"] == str(head)
    listed = {item["name"]: item for item in answer.json["items"]}
    assert set(listed) == {each.name for each in PROJECTIONS}
    told = listed["people"]
    assert (told["position"], told["events"], told["state"]) == (head, 0, "running")
    assert (told["build"], told["holder"], told["letters"]) == (1, "test", 0)


def test_one_is_shown_with_its_builds_and_who_moves_them(service: Service, operator: Caller) -> None:
    service.catch_up()
    shown = people(operator)

    (build,) = shown["builds"]
    assert (build["status"], build["tables"], build["different"]) == ("live", ["people_v1"], None)
    assert [(part["segment"], part["holder"]) for part in build["parts"]] == [(0, "test")]
    assert (shown["paused"], shown["proposals"]) == (False, [])
    assert operator.get(f"{PEOPLE}/builds/1").json["report"] is None
    for path in ("/v1/projections/persons", f"{PEOPLE}/builds/9"):
        assert operator.get(path).status_code == 404


@pytest.mark.parametrize("role", Role)
def test_only_operators_and_administrators_look_and_order(service: Service, role: Role, letter: UUID) -> None:
    caller = service.signed_in(role)
    allowed = role in (Role.OPERATOR, Role.ADMINISTRATOR)
    before = service.log.head()

    looks = ["/v1/projections", PEOPLE, f"{PEOPLE}/builds/1", "/v1/dead-letters", LETTER]
    assert {caller.get(path).status_code for path in looks} == {200 if allowed else 403}
    if not allowed:
        paths = [
            *(f"{PEOPLE}/{verb}" for verb in ORDERS),
            *(f"{PEOPLE}/builds/1/{verb}" for verb in OF_A_BUILD),
            *(f"{LETTER}/{verb}" for verb in ("retry", "discard", "discard/approve")),
            "/v1/dead-letters/people/retry",
            "/v1/dead-letters/people/99/retry",
        ]
        given = [order(caller, path, dry_run=dry) for path in paths for dry in (False, True)]
        assert {answer.json["code"] for answer in given} == {"not_permitted"}
        assert service.log.head() == before


def test_a_dry_run_tells_what_a_rebuild_touches_and_what_it_does_not_send_again(
    service: Service, operator: Caller
) -> None:
    head = service.catch_up()
    answer = order(operator, f"{PEOPLE}/rebuild", dry_run=True)

    assert answer.status_code == 200, answer.text
    assert "position" not in answer.headers
    told = answer.json["impact"]
    assert [(table["table"], table["fate"]) for table in told["tables"]] == [
        ("people_v1_b2", "made"),
        ("people_v1", "kept"),
    ]
    assert told["tables"][0]["rows"] == told["tables"][1]["rows"] == len(Role)
    assert (told["build"], told["position"], told["head"], told["events"]) == (2, head, head, head)
    assert (told["mails"], told["documents"], told["measured"]) == (0, 0, False)
    assert service.log.head() == head


def test_a_dry_run_is_refused_as_the_order_would_be(service: Service, operator: Caller) -> None:
    head = service.catch_up()

    answer = order(operator, f"{PEOPLE}/rollback", dry_run=True)
    assert (answer.status_code, answer.json["code"]) == (409, "nothing_to_roll_back_to")
    assert (
        operator.post(f"{PEOPLE}/pause", {"reason": "short", "dry_run": True}).json["code"]
        == "reason_required"
    )
    assert order(operator, "/v1/projections/persons/pause").json["code"] == "unknown_projection"
    assert service.log.head() == head


def test_a_rebuild_is_ordered_once_however_often_it_is_sent(service: Service, operator: Caller) -> None:
    service.catch_up()
    first = order(operator, f"{PEOPLE}/rebuild", key="one", promote="never", keep=False)
    again = order(operator, f"{PEOPLE}/rebuild", key="one", promote="never", keep=False)

    assert (first.status_code, first.headers["location"]) == (202, f"{PEOPLE}/builds/2")
    assert (
        again.json
        == first.json
        == {
            "projection": "people",
            "order": "rebuild",
            "build": 2,
            "dry_run": False,
            "impact": None,
        }
    )
    assert again.headers["position"] == first.headers["position"] == str(service.log.head())
    assert again.headers["idempotent-replayed"] == "true"
    built = operator.get(f"{PEOPLE}/builds/2").json
    assert (built["status"], built["promote"], built["keep"]) == ("building", "never", False)
    assert order(operator, f"{PEOPLE}/rebuild").json["code"] == "rebuild_under_way"


def test_a_build_that_is_under_way_is_cancelled(service: Service, operator: Caller) -> None:
    service.catch_up()
    order(operator, f"{PEOPLE}/compare")
    answer = order(operator, f"{PEOPLE}/builds/2/cancel")

    assert (answer.status_code, answer.json["build"]) == (200, 2)
    assert operator.get(f"{PEOPLE}/builds/2").json["status"] == "cancelled"
    assert order(operator, f"{PEOPLE}/builds/2/promote").json["code"] == "build_gone"
    assert order(operator, f"{PEOPLE}/builds/1/retire").json["code"] == "build_shown"
    assert order(operator, f"{PEOPLE}/builds/7/retire").json["code"] == "unknown_build"


def test_a_build_that_was_replaced_is_gone_back_to(service: Service, operator: Caller) -> None:
    service.catch_up()
    order(operator, f"{PEOPLE}/rebuild")
    service.give(NotePromotion(name="people", build=2, replaces=1, position=9, different=0))

    tried = order(operator, f"{PEOPLE}/rollback", dry_run=True)
    answer = order(operator, f"{PEOPLE}/rollback")

    assert tried.json["impact"]["build"] == answer.json["build"] == 1
    assert (answer.status_code, answer.headers["location"]) == (202, f"{PEOPLE}/builds/1")


def test_a_pause_holds_the_runner_until_it_is_resumed(service: Service, operator: Caller) -> None:
    reached = service.catch_up()
    assert order(operator, f"{PEOPLE}/pause").status_code == 200
    service.catch_up()
    shown = people(operator)

    assert (shown["paused"], shown["state"], shown["position"]) == (True, State.PAUSED, reached)
    assert order(operator, f"{PEOPLE}/pause").json["code"] == "projection_paused"

    order(operator, f"{PEOPLE}/resume")
    service.runner._heartbeat_due = 0.0  # when its owner looks at what was ordered
    head = service.catch_up()
    assert (people(operator)["state"], people(operator)["position"]) == (State.RUNNING, head)


def test_a_letter_is_shown_without_anything_that_its_event_says(operator: Caller, letter: UUID) -> None:
    (listed,) = operator.get("/v1/dead-letters", projection="people").json["items"]
    shown = operator.get(LETTER)

    assert shown.json["items"] == [listed]
    assert (listed["key"], listed["topic"]) == (str(letter), "account.registered")
    assert listed["error_class"] == "ZeroDivisionError"
    assert "recipe" not in shown.text
    assert operator.get("/v1/dead-letters", projection="sessions").json["items"] == []
    assert operator.get("/v1/dead-letters", projection="nobody").status_code == 404
    assert operator.get("/v1/dead-letters/people/4").status_code == 404
    assert operator.get(f"/v1/dead-letters/people/{10**30}").status_code == 404


def wanted(service: Service) -> list[str]:
    with service.services.read.read() as connection:
        return list(connection.execute(select(dead_letters.c.wanted)).scalars())


@pytest.mark.usefixtures("letter")
def test_a_letter_is_tried_again(service: Service, operator: Caller) -> None:
    first = order(operator, f"{LETTER}/retry", key="once")

    assert first.status_code == 200, first.text
    assert wanted(service) == [Wanted.RETRY]
    with service.services.read.write() as connection:
        connection.execute(dead_letters.delete())
    assert order(operator, f"{LETTER}/retry", key="once").json == first.json
    assert order(operator, f"{LETTER}/retry").status_code == 404
    assert order(operator, "/v1/dead-letters/people/retry", positions=[3, 4]).status_code == 200


@pytest.mark.usefixtures("letter")
def test_a_letter_is_discarded_by_two_people(service: Service, operator: Caller) -> None:
    administrator = service.signed_in(Role.ADMINISTRATOR)
    assert order(operator, f"{LETTER}/discard/approve").json["code"] == "no_discard_proposed"
    assert order(operator, f"{LETTER}/discard").status_code == 200
    (proposal,) = people(administrator)["proposals"]
    assert (proposal["position"], proposal["by"], proposal["reason"]) == (3, operator.account, WHY)
    assert wanted(service) == [Wanted.NOTHING]

    assert order(operator, f"{LETTER}/discard/approve").json["code"] == "second_person_required"
    assert order(administrator, f"{LETTER}/discard/approve").status_code == 200
    assert wanted(service) == [Wanted.DISCARD]


def test_a_difference_report_names_rows_and_columns_and_no_value(service: Service, operator: Caller) -> None:
    rows = [
        {"key": ["1"], "before": {"name": "the secret recipe"}, "after": {"name": "(17 characters)"}},
        {"key": ["2"], "before": None, "after": {"name": "the secret recipe"}},
    ]
    tables = {"people_v1": {"different": 2, "sample": rows}}
    report = {"position": 7, "rows": 5, "different": 2, "tables": tables}
    with service.services.read.write() as connection:
        connection.execute(update(builds).where(builds.c.name == "people").values(report=report))

    answer = operator.get(f"{PEOPLE}/builds/1")
    assert (answer.json["different"], answer.json["report"]["position"]) == (2, 7)
    assert answer.json["report"]["sample"] == [
        {"table": "people_v1", "key": ["1"], "columns": ["name"], "missing": None},
        {"table": "people_v1", "key": ["2"], "columns": ["name"], "missing": "before"},
    ]
    assert "recipe" not in answer.text
