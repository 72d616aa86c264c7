"""What must not come in: the right status, a clear problem, and nothing written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.http.service import OPTIONS, PASSWORD, Caller, Service

NEW = {"report_type": "SAT", "header": {"document_title": "Pump station"}}


@pytest.fixture(autouse=True)
def nothing_is_written(service: Service, engineer: Caller, report: str) -> Iterator[None]:
    before = service.log.head()
    yield
    assert service.log.head() == before


@pytest.fixture
def report(engineer: Caller) -> str:
    answer = engineer.post("/v1/reports", NEW)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["status"] == status
    assert answer.json["request_id"] == answer.headers["x-request-id"]
    assert answer.json["detail"]
    problem: dict[str, Any] = answer.json
    return problem


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"{", 400, "invalid_json"),
        (b'{"report_type": NaN}', 400, "invalid_json"),
        (b'{"report_type": Infinity}', 400, "invalid_json"),
        (b'{"report_type": -Infinity}', 400, "invalid_json"),
        (b'{"report_type": 1e999}', 400, "invalid_json"),
        (b'{"report_type": ' + b"1" * 5000 + b"}", 400, "invalid_json"),
        (b'{"report_type": "SAT", "report_type": "FAT"}', 400, "invalid_json"),
        (b"[" * 100_000 + b"]" * 100_000, 413, "body_too_large"),
        (b"[" * 30_000 + b"]" * 30_000, 400, "too_deep"),
        (b'{"header": ' + b'{"a":' * 20 + b"1" + b"}" * 21, 400, "too_deep"),
        (b'{"report_type": "\xff\xfe"}', 400, "invalid_encoding"),
        ('{"report_type": "SAT"}'.encode("utf-16"), 400, "invalid_encoding"),
        (b'\xef\xbb\xbf{"report_type": "SAT"}', 400, "invalid_json"),
        (b'{"report_type": "S\\u0000T", "header": {}}', 422, "control_characters"),
        (b'{"report_type": "S\\u001bT", "header": {}}', 422, "control_characters"),
        (b'{"report_type": "S\x7fT", "header": {}}', 422, "control_characters"),
        (b'{"report_type": "S\x01T", "header": {}}', 400, "invalid_json"),
        (b'{"report_type": "S\\ud800T", "header": {}}', 422, "control_characters"),
        (b'{"report_type": "SAT", "header": {"\\u0007": "x"}}', 422, "control_characters"),
        (b"null", 422, "invalid_body"),
        (b"[]", 422, "invalid_body"),
        (b"", 400, "body_missing"),
    ],
)
def test_a_body_that_is_no_sound_json_is_refused(
    engineer: Caller, raw: bytes, status: int, code: str
) -> None:
    refused(engineer.post("/v1/reports", raw=raw), status, code)


def test_an_escaped_emoji_is_no_lone_surrogate(service: Service, engineer: Caller) -> None:
    raw = b'{"report_type": "SAT\\ud83d\\ude00", "header": {}}'

    refused(engineer.post("/v1/reports", raw=raw), 422, "unknown_type")


def test_unknown_fields_are_refused_by_their_place(engineer: Caller) -> None:
    problem = refused(engineer.post("/v1/reports", NEW | {"owner": "me", "a/b": 1}), 422, "invalid_body")

    assert {each["pointer"] for each in problem["errors"]} == {"/owner", "/a~1b"}


def test_fields_of_another_type_are_refused_by_their_place(engineer: Caller) -> None:
    body = {"report_type": 7, "header": {"document_title": ["x"], "date": None}}

    problem = refused(engineer.post("/v1/reports", body), 422, "invalid_body")

    pointers = {each["pointer"] for each in problem["errors"]}
    assert pointers == {"/report_type", "/header/document_title", "/header/date"}


def test_what_the_domain_refuses_is_named_by_its_place(engineer: Caller) -> None:
    body = {"report_type": "SAT", "header": {"document_title": "x", "date": "yesterday", "colour": "red"}}

    problem = refused(engineer.post("/v1/reports", body), 422, "invalid_field")

    assert {each["pointer"] for each in problem["errors"]} == {"/header/date", "/header/colour"}


def test_an_unknown_report_type_is_refused(engineer: Caller) -> None:
    refused(engineer.post("/v1/reports", NEW | {"report_type": "XYZ"}), 422, "unknown_type")


def test_a_body_over_the_limit_of_its_form_is_refused(engineer: Caller, report: str) -> None:
    large = {"report_type": "SAT", "header": {"document_title": "x" * 70_000}}
    refused(engineer.post("/v1/reports", large), 413, "body_too_large")

    larger = {"content": {"text": "x" * OPTIONS.max_body_bytes}}
    answer = engineer.put(f"{report}/sections/scope", larger, if_match='"empty"')
    refused(answer, 413, "body_too_large")


def test_a_cell_over_its_limit_is_refused(engineer: Caller, report: str) -> None:
    answer = engineer.put(f"{report}/sections/scope", {"content": {"text": "x" * 30_000}}, if_match='"empty"')

    problem = refused(answer, 422, "invalid_field")
    assert problem["errors"][0]["pointer"] == "/content/text"


def test_a_section_with_wrong_cells_is_refused_by_their_places(engineer: Caller, report: str) -> None:
    rows = [{"reference": "A", "title": 7}, {"reference": "B\nC", "colour": "red"}, "row"]

    answer = engineer.put(f"{report}/sections/related_documents", {"content": rows}, if_match='"empty"')

    problem = refused(answer, 422, "invalid_field")
    assert {each["pointer"] for each in problem["errors"]} == {
        "/content/0/title",
        "/content/1/reference",
        "/content/1/colour",
        "/content/2",
    }


def test_a_chunked_body_is_refused_since_its_length_is_not_known(engineer: Caller) -> None:
    answer = engineer.post("/v1/reports", NEW, headers={"Transfer-Encoding": "chunked"})

    refused(answer, 411, "length_required")


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x", ""]
)
def test_another_media_type_is_refused(engineer: Caller, media_type: str) -> None:
    answer = engineer.post("/v1/reports", NEW, headers={"Content-Type": media_type})

    refused(answer, 415, "unsupported_media_type")


def test_unknown_query_parameters_are_refused(engineer: Caller, report: str) -> None:
    problem = refused(engineer.get("/v1/reports", colour="red"), 422, "invalid_parameters")
    assert [each["pointer"] for each in problem["errors"]] == ["/colour"]

    refused(engineer.get("/v1/me", x="1"), 422, "invalid_parameters")
    refused(engineer.post("/v1/reports?x=1", NEW), 422, "invalid_parameters")


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "limit=x", "owner=me", "status=lost", "limit=1&limit=2", "text=%00", "text="],
)
def test_query_parameters_out_of_bounds_are_refused(engineer: Caller, query: str) -> None:
    assert engineer.get(f"/v1/reports?{query}").status_code == 422


def test_a_query_that_is_not_utf_8_is_refused(engineer: Caller) -> None:
    refused(engineer.get("/v1/reports?text=%ff%fe"), 400, "invalid_encoding")


@pytest.mark.parametrize("cursor", ["x", "bm9uc2Vuc2U", "W10", "%F0%9F%98%80"])
def test_a_cursor_from_elsewhere_is_refused(engineer: Caller, cursor: str) -> None:
    refused(engineer.get(f"/v1/reports?cursor={cursor}"), 422, "bad_cursor")


def test_an_unknown_order_is_refused(engineer: Caller) -> None:
    refused(engineer.get("/v1/reports", sort="owner"), 422, "unknown_sort")


def test_a_change_without_if_match_is_refused(engineer: Caller, report: str) -> None:
    changes = {"changes": {"client_name": "ACME"}}

    refused(engineer.patch(report, changes), 428, "precondition_required")
    refused(engineer.put(f"{report}/sections/scope", {"content": {}}), 428, "precondition_required")


def test_a_change_to_what_has_changed_is_refused(engineer: Caller, report: str) -> None:
    refused(engineer.patch(report, {"changes": {"client_name": "A"}}, if_match='"v9"'), 412, "stale_version")
    answer = engineer.put(f"{report}/sections/scope", {"content": {}}, if_match=f'"{"0" * 64}"')
    refused(answer, 412, "stale_section")


@pytest.mark.parametrize("tag", ["*", "v1", '"v"', '"v1", "v2"', '"empty"', '"vx"'])
def test_an_if_match_that_is_no_version_is_refused(engineer: Caller, report: str, tag: str) -> None:
    answer = engineer.patch(report, {"changes": {"client_name": "A"}}, if_match=tag)

    refused(answer, 400, "invalid_if_match")


@pytest.mark.parametrize(
    "path",
    [
        "/v1/nothing",
        "/v1/reports/7",
        "/v1/reports/00000000-0000-0000-0000-000000000000",
        "/v1/reports/00000000-0000-0000-0000-000000000000/history",
        "/v1/reports/00000000-0000-0000-0000-000000000000/sections/scope",
        "/v1/renderings/00000000-0000-0000-0000-000000000000",
        "/v1/renderings/00000000-0000-0000-0000-000000000000/document",
        "/v1/jobs/00000000-0000-0000-0000-000000000000",
        "/v1/report-types/NONE",
    ],
)
def test_what_is_not_there_is_not_found(engineer: Caller, path: str) -> None:
    refused(engineer.get(path), 404, "not_found")


def test_a_section_that_the_type_does_not_have_is_refused(engineer: Caller, report: str) -> None:
    refused(engineer.get(f"{report}/sections/nonsense"), 422, "unknown_section")
    answer = engineer.put(f"{report}/sections/nonsense", {"content": {}}, if_match='"empty"')
    refused(answer, 422, "unknown_section")


def test_another_method_is_refused_with_those_that_are_taken(engineer: Caller, report: str) -> None:
    answer = engineer.send("DELETE", report)

    refused(answer, 405, "method_not_allowed")
    assert {each.strip() for each in answer.headers["allow"].split(",")} == {"GET", "OPTIONS", "PATCH"}


@pytest.mark.parametrize("stage", ["0", "100", "-1", "x", "9" * 40])
def test_a_stage_that_no_route_can_have_is_not_found(engineer: Caller, report: str, stage: str) -> None:
    answer = engineer.put(
        f"{report}/stages/{stage}/approver", {"approver": engineer.account}, if_match='"v1"'
    )

    refused(answer, 404, "not_found")


def test_a_boolean_is_no_number_and_no_word_is_a_boolean(engineer: Caller) -> None:
    path = "/v1/jobs/00000000-0000-0000-0000-000000000000/resolve"

    refused(engineer.post(path, {"resend": "yes", "reason": "it is needed"}), 422, "invalid_body")


@pytest.mark.parametrize("key", ["two words", "x" * 256, "ключ"])
def test_an_idempotency_key_that_is_no_token_is_refused(engineer: Caller, key: str) -> None:
    answer = engineer.post("/v1/reports", NEW, headers={"Idempotency-Key": key.encode().decode("latin-1")})

    refused(answer, 400, "invalid_idempotency_key")


@pytest.mark.parametrize("position", ["", "x", "-1", "1.5", "9" * 30])
def test_a_min_position_that_is_no_position_is_refused(engineer: Caller, position: str) -> None:
    answer = engineer.get("/v1/reports", headers={"Min-Position": position})

    refused(answer, 400, "invalid_min_position")


def test_what_cannot_be_read_yet_is_refused_after_a_bounded_wait(service: Service, engineer: Caller) -> None:
    head = service.log.head()

    behind = engineer.get("/v1/reports", headers={"Min-Position": str(head)})
    refused(behind, 503, "position_not_reached")
    assert behind.headers["retry-after"] == "1"
    service.catch_up()
    assert engineer.get("/v1/reports", headers={"Min-Position": str(head)}).status_code == 200


@pytest.mark.parametrize("path", ["/v1/me", "/v1/reports"])
def test_a_position_that_the_log_has_not_reached_was_given_to_nobody(
    service: Service, engineer: Caller, path: str
) -> None:
    head = service.log.head()

    answer = engineer.get(path, headers={"Min-Position": str(head + 1)})

    assert str(head) in refused(answer, 400, "invalid_min_position")["detail"]


def test_signing_without_a_fresh_proof_is_refused(engineer: Caller, report: str) -> None:
    refused(engineer.post(f"{report}/submit", {}, if_match='"v1"'), 403, "reauth_required")


def test_a_problem_never_repeats_a_password(nobody: Caller) -> None:
    for body in ({"email": "x", "password": PASSWORD}, {"email": "x@example.com", "password": [PASSWORD]}):
        answer = nobody.post("/v1/auth/login", body)
        assert answer.status_code in (401, 422)
        assert PASSWORD not in json.dumps(answer.json)
