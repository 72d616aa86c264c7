"""Finding reports by what they say, and keeping searches, seen from outside."""

from __future__ import annotations

from typing import Any

import pytest

from countersign.aggregates.role import Role
from tests.integration.http.service import PASSWORD, Caller, Service
from tests.integration.http.test_api_clients import let_in

ROWS = [{"tag": "AI_1_3_07", "description": "<b>Flow</b> transmitter & more", "comment": "Gruyère"}]
HOSTILE = (
    '"',
    '"unclosed phrase',
    "pump AND",
    "NEAR(a b) OR NOT x",
    "pump*",
    "pump:* | !x & (y)",
    "'; DROP TABLE report_search; --",
    "%",
    "_",
    "\\",
    "^pump $",
    "🚧 🔥",
    "the and of",
    "-",
    "a" * 200,
    " ".join("x" * 100),
    "é" * 200,
    "\u202e\u200b",
    "{}[]()<>",
    "words:pump",
)
PUMPS = {"name": "My pumps", "search": {"q": "pump", "in": "header", "from": "2020-01-01T00:00:00Z"}}


def report_of(caller: Caller, title: str, number: str) -> str:
    body = {"report_type": "SAT", "document_number": number, "header": {"document_title": title}}
    answer = caller.post("/v1/reports", body)
    assert answer.status_code == 201, answer.text
    location = str(answer.headers["location"])
    saved = caller.put(f"{location}/sections/analogue_inputs", {"content": ROWS}, if_match='"empty"')
    assert saved.status_code == 200, saved.text
    return location


@pytest.fixture
def report(service: Service, engineer: Caller) -> str:
    location = report_of(engineer, "Pump station", "SAT-2026-014")
    service.catch_up()
    return location


@pytest.fixture
def other_engineer(service: Service) -> Caller:
    administrator = service.signed_in(Role.ADMINISTRATOR)
    body = {"name": "Other", "email": "other@example.com", "password": PASSWORD, "role": "engineer"}
    assert administrator.post("/v1/accounts", body).status_code == 201
    login = {"email": "other@example.com", "password": PASSWORD}
    return Caller(service.client, service.nobody.post("/v1/auth/login", login).json)


def found(caller: Caller, q: str, **more: Any) -> list[str]:
    answer = caller.get("/v1/search", q=q, **more)
    assert answer.status_code == 200, answer.text
    return [each["document_number"] for each in answer.json["items"]]


def test_a_report_is_found_with_the_passage_as_plain_text(engineer: Caller, report: str) -> None:
    answer = engineer.get("/v1/search", q="gruyere AI_1_3")
    (item,) = answer.json["items"]

    assert (answer.json["total"], answer.json["total_is_exact"], answer.json["next_cursor"]) == (
        1,
        True,
        None,
    )
    assert (item["href"], item["owner"]["id"]) == (report, engineer.account)
    (passage,) = item["passages"]
    assert (passage["section"], passage["line"]) == ("analogue_inputs", "r1")
    assert "<b>Flow</b> transmitter & more" in passage["text"]
    assert {passage["text"][at : at + size] for at, size in passage["highlights"]} == {"Gruyère", "AI_1_3"}
    assert int(answer.headers["as-of-position"]) > 0


def test_filters_and_parts_narrow_it_down(engineer: Caller, report: str) -> None:
    assert report
    for matching in (
        {"type": "SAT", "status": "draft"},
        {"in": "header"},
        {"from": "2020-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"},
        {"owner": engineer.account},
    ):
        assert found(engineer, "pump", **matching) == ["SAT-2026-014"], matching
    for other in (
        {"type": "FAT"},
        {"status": "issued"},
        {"in": "section"},
        {"client": "x"},
        {"project": "x"},
        {"to": "2020-01-01T00:00:00Z"},
    ):
        assert found(engineer, "pump", **other) == [], other
    for wrong in ({"in": "body"}, {"q": "x" * 201}, {"status": "x"}, {"from": "now"}, {"unknown": "1"}):
        assert engineer.get("/v1/search", **{"q": "pump", **wrong}).status_code == 422, wrong


@pytest.mark.usefixtures("report")
def test_no_text_breaks_a_search(engineer: Caller) -> None:
    for path in ("/v1/search", "/v1/search/suggest"):
        for text in HOSTILE:
            assert engineer.get(path, q=text).status_code == 200, (path, text)
        for refused in ("x" * 10_000, "nul\x00"):
            assert engineer.get(path, q=refused).status_code in (400, 422), path
        assert engineer.get(path).json["items"] == []


def test_a_search_shows_only_what_one_may_see(
    service: Service, engineer: Caller, other_engineer: Caller, report: str
) -> None:
    assert report
    report_of(other_engineer, "Pump house", "SAT-2")
    service.catch_up()

    for path in ("/v1/search", "/v1/search/suggest"):
        for caller, numbers in (
            (engineer, {"SAT-2026-014"}),
            (other_engineer, {"SAT-2"}),
            (service.signed_in(Role.AUDITOR), {"SAT-2", "SAT-2026-014"}),
        ):
            items = caller.get(path, q="pump").json["items"]
            assert {each["document_number"] for each in items} == numbers, path
        assert service.signed_in(Role.OPERATOR).get(path, q="pump").status_code == 403
    assert found(other_engineer, "pump", owner=engineer.account) == []
    _, program = let_in(service, Role.ADMINISTRATOR, "reports:read")
    assert found(program, "pump", owner=engineer.account) == ["SAT-2026-014"]


def test_a_search_is_kept_listed_run_and_deleted(service: Service, engineer: Caller, report: str) -> None:
    kept = engineer.post("/v1/searches", PUMPS, key="once")
    again = engineer.post("/v1/searches", PUMPS, key="once")
    location = kept.headers["location"]
    service.catch_up()

    assert (kept.status_code, again.json["id"]) == (201, kept.json["id"])
    assert kept.json["search"] == {
        **dict.fromkeys(("type", "status", "client", "project", "owner", "to")),
        **PUMPS["search"],  # type: ignore[dict-item]
    }
    assert (kept.json["mine"], kept.json["everybody"], kept.json["roles"]) == (True, False, [])
    assert engineer.get(location).json == engineer.get("/v1/searches").json["items"][0]
    results = engineer.get(f"{location}/results").json
    assert [each["href"] for each in results["items"]] == [report]

    deleted = engineer.send("DELETE", location)
    assert (deleted.status_code, engineer.get(location).status_code) == (204, 404)
    service.catch_up()
    assert engineer.get("/v1/searches").json["items"] == []


def test_a_shared_search_is_run_with_the_rights_of_whoever_runs_it(
    service: Service, engineer: Caller, report: str
) -> None:
    assert report
    manager, auditor = service.signed_in(Role.TECHNICAL_MANAGER), service.signed_in(Role.AUDITOR)
    report_of(manager, "Pump of the manager", "SAT-3")
    location = manager.post("/v1/searches", PUMPS).headers["location"]
    service.catch_up()
    assert engineer.get(location).status_code == auditor.get(location).status_code == 404

    shared = manager.put(f"{location}/audience", {"roles": ["engineer"]})
    service.catch_up()
    assert (shared.status_code, shared.json["roles"]) == (200, ["engineer"])
    assert [each["name"] for each in engineer.get("/v1/searches").json["items"]] == ["My pumps"]
    assert auditor.get("/v1/searches").json["items"] == []
    numbers = {each["document_number"] for each in engineer.get(f"{location}/results").json["items"]}
    assert numbers == {"SAT-2026-014"}
    assert len(manager.get(f"{location}/results").json["items"]) == 2


def test_who_may_not_share_or_delete_is_told_so_or_finds_nothing(service: Service, engineer: Caller) -> None:
    manager = service.signed_in(Role.TECHNICAL_MANAGER)
    location = manager.post("/v1/searches", PUMPS).headers["location"]
    everybody = {"everybody": True}

    assert engineer.put(f"{location}/audience", everybody).status_code == 404
    assert engineer.send("DELETE", location).status_code == 404
    assert manager.put(f"{location}/audience", everybody).status_code == 200
    answer = engineer.put(f"{location}/audience", everybody)
    assert (answer.status_code, answer.json["code"]) == (403, "not_permitted")
    assert engineer.send("DELETE", location).status_code == 403
    assert service.signed_in(Role.OPERATOR).post("/v1/searches", PUMPS).status_code == 403
    assert manager.send("DELETE", location).status_code == 204
    answer = manager.put(f"{location}/audience", {"everybody": False})
    assert (answer.status_code, answer.json["code"]) == (404, "search_deleted")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": " ", "search": {"q": "pump"}}, 422),
        ({"name": "x", "search": {"q": " "}}, 422),
        ({"name": "x", "search": {"q": "pump", "since": "2020-01-01T00:00:00Z"}}, 422),
        ({"name": "x"}, 422),
        ({"name": "x", "search": {"q": "pump", "in": "attic"}}, 422),
    ],
)
def test_a_search_that_says_too_little_or_too_much_is_refused(
    engineer: Caller, body: dict[str, Any], status: int
) -> None:
    assert engineer.post("/v1/searches", body).status_code == status
