"""How far an API key reaches: every address of the API is tried with one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from countersign.aggregates.authority.scopes import SCOPES
from countersign.aggregates.role import Role
from countersign.http.app import create_falcon_app
from countersign.http.endpoints import endpoint_of
from tests.integration.http.service import OPTIONS, Caller, Service
from tests.integration.http.test_api_clients import let_in

OPEN_TO_EVERY_KEY = {
    "/v1/report-types",  # what reports can be made of
    "/v1/api-clients/scopes",
    "/v1/auth/csrf",  # gives a token to browsers, and nothing to a key
    "/v1/approvals",  # the caller's own, and a key is asked for none
}
BODIES: tuple[Any, ...] = ({}, {"reason": "because it has to be so"})


def addresses(service: Service) -> Iterator[tuple[str, str]]:
    """Every method and address that is not public, with ids of things that are not there."""
    nodes = list(create_falcon_app(service.services, OPTIONS)._router._roots)
    while nodes:
        node = nodes.pop()
        nodes += node.children
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            endpoint = endpoint_of(node.resource, method) if node.resource else None
            if endpoint is not None and not endpoint.public:
                yield method, re.sub(r"\{[^}]*\}", filled, str(node.uri_template))


def filled(field: re.Match[str]) -> str:
    return str(uuid4()) if ":uuid" in field[0] else "1"


@pytest.fixture
def narrow(service: Service) -> Caller:
    """A key of an administrator that may do nothing but list accounts."""
    _, program = let_in(service, Role.ADMINISTRATOR, "users:read")
    return program


def test_a_key_reads_what_its_scopes_name_and_no_more(service: Service, narrow: Caller) -> None:
    service.catch_up()
    answers = {path: narrow.get(path) for method, path in addresses(service) if method == "GET"}
    let_through = {path for path, answer in answers.items() if answer.status_code not in (403, 404)}

    assert len(answers) > 20
    assert let_through == {*OPEN_TO_EVERY_KEY, "/v1/accounts"}


def test_no_address_breaks_for_a_key_with_every_scope(service: Service) -> None:
    _, program = let_in(service, Role.ADMINISTRATOR, *SCOPES)
    broken = [
        (method, path, answer.text)
        for method, path in addresses(service)
        for body in BODIES
        if (
            answer := program.send(method, path, body if method != "GET" else None, if_match='"v1"')
        ).status_code
        >= 500
    ]

    assert broken == []
