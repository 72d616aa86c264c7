from __future__ import annotations

import re
import shutil
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from countersign.http.app import create_falcon_app
from countersign.http.endpoints import endpoint_of
from tests.integration.http.conftest import opened
from tests.integration.http.service import OPTIONS, Service

METHODS = ("get", "put", "post", "patch", "delete")


@pytest.fixture(scope="module")
def document(prepared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Made once: it takes longer than any test that reads it."""
    folder = tmp_path_factory.mktemp("documented") / "data"
    shutil.copytree(prepared_folder, folder)
    with opened(folder) as service:
        answer = service.nobody.get("/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json
    return found


def test_the_openapi_document_is_valid(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()


def test_every_method_of_every_route_is_declared_and_documented(
    service: Service, document: dict[str, Any]
) -> None:
    app = create_falcon_app(service.services, OPTIONS)
    undeclared, missing = [], []
    for route in _routes(app._router._roots):
        path = re.sub(r"\{(\w+):[^}]*\}", r"{\1}", route.uri_template)
        for method in METHODS:
            if not hasattr(route.resource, f"on_{method}"):
                continue
            if endpoint_of(route.resource, method) is None:
                undeclared.append(f"{method} {path}")
            elif method not in document["paths"].get(path, {}):
                missing.append(f"{method} {path}")

    assert undeclared == []
    assert missing == []


def test_every_operation_has_a_summary_and_its_own_id(document: dict[str, Any]) -> None:
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    ids = [operation["operationId"] for operation in operations]

    assert all(operation["summary"].endswith((".", ";")) for operation in operations)
    assert len(set(ids)) == len(ids)


def test_every_refusal_is_documented_as_a_problem(document: dict[str, Any]) -> None:
    wrong = [
        (path, method, status)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        for status, response in operation["responses"].items()
        if int(status) >= 400
        and path != "/readyz"
        and list(response["content"]) != ["application/problem+json"]
    ]

    assert wrong == []


def test_what_needs_a_sign_in_says_so(document: dict[str, Any]) -> None:
    assert document["paths"]["/v1/me"]["get"]["security"] == [{"bearer": []}, {"cookie": []}]
    assert document["paths"]["/v1/reports"]["post"]["security"] == [
        {"bearer": []},
        {"cookie": [], "csrf": []},
    ]
    assert document["paths"]["/v1/auth/login"]["post"]["security"] == []
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert document["components"]["securitySchemes"]["cookie"]["name"] == "__Host-countersign"
    assert document["components"]["securitySchemes"]["csrf"]["in"] == "header"


def test_a_command_documents_its_headers(document: dict[str, Any]) -> None:
    submit = document["paths"]["/v1/reports/{report_id}/submit"]["post"]
    headers = {each["name"]: each["required"] for each in submit["parameters"] if each["in"] == "header"}

    assert headers == {"Idempotency-Key": False, "If-Match": True}
    assert "Position" in submit["responses"]["200"]["headers"]


def test_the_forms_of_headers_are_those_that_are_taken(document: dict[str, Any]) -> None:
    patterns = {
        parameter["name"]: parameter["schema"]["pattern"]
        for path in document["paths"].values()
        for operation in path.values()
        for parameter in operation["parameters"]
        if "pattern" in parameter["schema"] and parameter["in"] == "header"
    }
    assert patterns.keys() == {"Idempotency-Key", "If-Match"}
    assert re.fullmatch(patterns["Idempotency-Key"], "a-b:c")
    assert not re.fullmatch(patterns["Idempotency-Key"], "é")


@pytest.mark.parametrize("path", ["/docs", "/docs/redoc"])
def test_a_docs_page_fetches_nothing_from_elsewhere(service: Service, path: str) -> None:
    answer = service.nobody.get(path)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    markup = re.sub(r"<(script|style)\b[^>]*>.*?</\1>", "", answer.text, flags=re.DOTALL)
    assert re.findall(r"""(?:src|href)=["']?(?!data:)[^"'>]+""", markup) == []
    assert re.findall(r"<script[^>]+src=", answer.text) == []
    assert "/openapi.json" in answer.text


@pytest.mark.parametrize("path", ["/docs", "/docs/redoc"])
def test_a_docs_page_may_run_its_own_scripts_only(service: Service, path: str) -> None:
    answer = service.nobody.get(path)
    policy = answer.headers["content-security-policy"]

    scripts = re.findall(r"<script[^>]*>(.*?)</script>", answer.text, flags=re.DOTALL)
    digests = {b64encode(sha256(script.encode()).digest()).decode() for script in scripts}
    assert set(re.findall(r"'sha256-([^']+)'", policy)) == digests
    assert "unsafe-eval" not in policy
    assert "default-src 'none'" in policy


def test_the_docs_pages_ask_no_stranger(service: Service) -> None:
    assert "validatorUrl: null" in service.nobody.get("/docs").text
    assert "disable-telemetry='true'" in service.nobody.get("/docs/redoc").text


def test_the_root_leads_to_addresses_that_are_there(service: Service) -> None:
    links = service.nobody.get("/").json["links"]

    found = {link: service.nobody.get(link).status_code for link in links.values()}
    assert {link for link, status in found.items() if status == 404} == set()


def _routes(nodes: list[Any]) -> list[Any]:
    found = []
    for node in nodes:
        if node.resource:
            found.append(node)
        found.extend(_routes(node.children))
    return found
