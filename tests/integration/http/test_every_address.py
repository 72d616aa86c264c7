"""What holds at every address of the API, tried at each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest

from countersign.aggregates.role import Role
from countersign.http.app import create_falcon_app
from countersign.http.endpoints import Endpoint, endpoint_of
from tests.integration.http.service import OPTIONS, Caller, Service

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NOT_SERVED = (
    "/.git/config",
    "/.git/",
    "/config/app.yaml",
    "/config/",
    "/http/app.py",
    "/static/",
    "/docs/..%2fconfig/app.yaml",
    "/docs/%2e%2e/config/app.yaml",
    "/docs/architecture.md",
    "/keys/master.key",
    "/debug",
)


@pytest.fixture
def addresses(service: Service) -> list[tuple[str, str, Endpoint]]:
    found = list(every_address(service))
    assert len(found) > 60
    return found


def every_address(service: Service) -> Iterator[tuple[str, str, Endpoint]]:
    """Each method and address with its declaration; ids are those of things that are not there."""
    nodes = list(create_falcon_app(service.services, OPTIONS)._router._roots)
    while nodes:
        node = nodes.pop()
        nodes += node.children
        for method in METHODS:
            endpoint = endpoint_of(node.resource, method) if node.resource else None
            if endpoint is not None:
                yield method, re.sub(r"\{[^}]*\}", _filled, str(node.uri_template)), endpoint


def _filled(field: re.Match[str]) -> str:
    return str(uuid4()) if ":uuid" in field[0] else "1"


def test_nobody_comes_in_without_a_credential(
    addresses: list[tuple[str, str, Endpoint]], nobody: Caller
) -> None:
    guarded = [(method, path) for method, path, endpoint in addresses if not endpoint.public]
    answers = {
        (method, path): nobody.send(method, path, None if method == "GET" else {}) for method, path in guarded
    }

    assert len(guarded) > 50
    assert {each for each, answer in answers.items() if answer.status_code != 401} == set()


def test_reading_changes_nothing(service: Service, addresses: list[tuple[str, str, Endpoint]]) -> None:
    reader = service.signed_in(Role.ADMINISTRATOR)
    before = service.log.head()
    for method, path, _ in addresses:
        if method == "GET":
            reader.get(path)

    assert service.log.head() == before


def test_every_answer_says_what_it_is_and_how_browsers_are_to_treat_it(
    service: Service, addresses: list[tuple[str, str, Endpoint]]
) -> None:
    reader = service.signed_in(Role.ADMINISTRATOR)
    for method, path, _ in addresses:
        answer = reader.send(method, path, None if method == "GET" else {}, if_match='"v1"')
        headers = answer.headers
        kind = headers.get("content-type", "")
        assert not answer.content or kind, path
        assert not kind.startswith("text/") or "charset=utf-8" in kind, (path, kind)
        assert kind.startswith("text/html") == answer.content.lstrip().startswith(b"<!"), path
        assert headers["x-content-type-options"] == "nosniff"
        policy = headers["content-security-policy"]
        for directive in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert directive in policy, path
        assert "unsafe-eval" not in policy
        assert "script-src 'unsafe-inline'" not in policy


def test_nobody_is_led_to_another_address(
    service: Service, addresses: list[tuple[str, str, Endpoint]]
) -> None:
    reader = service.signed_in(Role.ADMINISTRATOR)
    paths = {path for _, path, _ in addresses} | {"//evil.example", "/v1//evil.example", "/v1/reports/"}
    answers = {path: reader.get(path) for path in paths}

    assert {path for path, answer in answers.items() if 300 <= answer.status_code < 400} == set()


@pytest.mark.filterwarnings("ignore:Unknown REQUEST_METHOD")
def test_no_address_answers_to_methods_that_mirror_or_tunnel(
    service: Service, addresses: list[tuple[str, str, Endpoint]]
) -> None:
    caller = service.signed_in(Role.ADMINISTRATOR)
    paths = {path for _, path, _ in addresses}
    answers = {(method, path): caller.send(method, path) for method in ("TRACE", "CONNECT") for path in paths}

    assert {each for each, answer in answers.items() if answer.status_code not in (400, 405)} == set()


def test_no_file_of_the_program_is_served(engineer: Caller) -> None:
    answers = {path: engineer.get(path) for path in NOT_SERVED}

    assert {path for path, answer in answers.items() if answer.status_code != 404} == set()


def test_who_cannot_be_checked_reads_nothing(
    service: Service, addresses: list[tuple[str, str, Endpoint]], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = service.signed_in(Role.ADMINISTRATOR)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(service.services.sessions, "current", broken)
    answers = {
        path: reader.get(path)
        for method, path, endpoint in addresses
        if method == "GET" and not endpoint.public
    }

    assert {answer.status_code for answer in answers.values()} == {500}
