"""Texts that are commands to somebody are texts here: looked for, kept and shown as they are."""

from __future__ import annotations

import json

import pytest
from falcon.testing import Result

from tests.integration.http.service import Caller, Service

HOSTILE = (
    "' OR '1'='1",
    "'; DROP TABLE events; --",
    '" UNION SELECT password_hash FROM accounts --',
    "%",
    "_",
    "\\' OR 1=1 --",
    "*",
)
MARKUP = "</script><script>alert(1)</script>{{7*7}}${7*7}%0d%0aSet-Cookie: a=b"


@pytest.fixture
def report(service: Service, engineer: Caller) -> str:
    answer = engineer.post(
        "/v1/reports", {"report_type": "SAT", "header": {"document_title": "Pump station"}}
    )
    assert answer.status_code == 201, answer.text
    service.catch_up()
    return str(answer.headers["location"])


def asked(caller: Caller, query: str) -> Result:
    """Send a query string as it stands."""
    credential = {"Authorization": f"Bearer {caller.tokens['access_token']}"}
    return caller.client.simulate_get("/v1/reports", query_string=query, headers=credential)


@pytest.mark.usefixtures("report")
def test_what_looks_like_a_query_is_only_looked_for(engineer: Caller) -> None:
    for field in ("text", "client_name", "project_reference", "report_type"):
        for text in HOSTILE:
            answer = engineer.get("/v1/reports", **{field: text})
            assert (answer.status_code, answer.json["items"]) == (200, []), (field, text)

    assert len(engineer.get("/v1/reports", text="Pump").json["items"]) == 1


def test_what_is_encoded_twice_is_decoded_once(service: Service, engineer: Caller) -> None:
    titled = {"report_type": "SAT", "header": {"document_title": "100%25 %3Cb%3E"}}
    assert engineer.post("/v1/reports", titled).status_code == 201
    service.catch_up()

    assert len(asked(engineer, "text=100%2525%20%253Cb%253E").json["items"]) == 1
    assert len(asked(engineer, "text=100%2525%20%3Cb%3E").json["items"]) == 0


def test_a_parameter_that_stands_twice_is_refused(engineer: Caller) -> None:
    for query in ("limit=1&limit=2", "status=draft&status=issued", "text=a&text=b"):
        answer = asked(engineer, query)
        assert (answer.status_code, answer.json["code"]) == (422, "invalid_parameters")


def test_markup_is_a_text_and_comes_back_as_it_was(service: Service, engineer: Caller) -> None:
    created = engineer.post("/v1/reports", {"report_type": "SAT", "header": {"document_title": MARKUP}})
    service.catch_up()
    read = engineer.get(created.headers["location"])

    assert read.headers["content-type"] == "application/json"
    assert json.loads(read.text)["header"]["document_title"] == MARKUP
    assert "set-cookie" not in read.headers
