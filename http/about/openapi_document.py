"""The OpenAPI 3.1 document, made from the declarations of the endpoints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

from falcon import MEDIA_JSON, App
from spectree import Response as Documented
from spectree import SpecTree
from spectree.models import Server
from spectree.plugins.falcon_plugin import FalconPlugin

from countersign.http.about.request_headers import headers_of, headers_told
from countersign.http.about.security_schemes import security_of, security_schemes
from countersign.http.endpoints import Endpoint, endpoint_of
from countersign.http.options import Options
from countersign.http.problems import MEDIA_PROBLEM, Problem

_FILE: Final = {"type": "string", "format": "binary"}
_AT_THE_EDGE: Final = frozenset({403, 414, 421, 429, 431})  # before any endpoint is asked
_BOUNDS: Final = frozenset({"minimum", "maximum"})
_DESCRIPTION: Final = """\
Acceptance-test reports as controlled documents whose whole history can be replayed and proven.

Sign in at `POST /v1/auth/login` and send the access token as `Authorization: Bearer ...`; a program sends
its API key (`POST /v1/api-clients`) in the same place. A page of the service signs in at
`POST /v1/auth/browser-session` and gets a cookie.
Every refusal is a problem body (RFC 9457) with a stable `code`. A command answers with the
`Position` that it reached in the log; a query that is sent that number as `Min-Position`
shows at least what the command did."""


class Declared(FalconPlugin):
    """Tells the document's maker what the endpoints declare."""

    def parse_func(self, route: Any) -> Iterator[tuple[str, Any]]:  # type: ignore[override]
        """The declared methods of a route."""
        for method, responder in route.method_map.items():
            endpoint = endpoint_of(route.resource, method)
            if endpoint is not None:
                yield method, self._documented(endpoint, responder, _operation_id(method, route.resource))

    def bypass(self, _func: Any, _method: str) -> bool:
        """Nothing is left out: what is not declared was not told."""
        return False

    def parse_path(
        self, route: Any, path_parameter_descriptions: Mapping[str, str] | None
    ) -> tuple[str, list[dict[str, Any]]]:
        """The path with its parameters: its dots are no pattern, and bounds are numbers."""
        path, parameters = super().parse_path(route, path_parameter_descriptions)  # type: ignore[no-untyped-call]
        for parameter in parameters:
            bounds = {name: int(parameter["schema"][name]) for name in _BOUNDS & parameter["schema"].keys()}
            parameter["schema"].update(bounds)
        return path.replace("\\", ""), parameters

    def _documented(self, endpoint: Endpoint, responder: Any, operation_id: str) -> Any:
        document = self.spectree.validate(
            json=endpoint.form,
            query=endpoint.parameters,
            resp=_responses(endpoint),
            tags=(endpoint.tag,),
            security=security_of(endpoint),
            skip_validation=True,
            operation_id=operation_id,
        )
        return document(responder.__func__)


def openapi_document(app: App[Any, Any], options: Options) -> dict[str, Any]:
    """The document of all routes of an app."""
    maker = SpecTree(
        backend=Declared,
        annotations=False,
        title="Countersign",
        version=options.version,
        servers=_servers(options.public_url),
        description=_DESCRIPTION,
        security_schemes=security_schemes(),
        validation_error_model=Problem,
        naming_strategy=lambda model: model.__name__,
        nested_naming_strategy=lambda _parent, child: child,
    )
    maker.app = app
    document: dict[str, Any] = maker.spec
    for route in maker.backend.find_routes():
        path, _ = maker.backend.parse_path(route, None)
        for method in route.method_map:
            endpoint = endpoint_of(route.resource, method)
            if endpoint is not None:
                _complete(document["paths"][path][method.lower()], endpoint)
    return document


def _servers(public_url: str) -> list[Server]:
    here = Server(url="/", description="The server that gave this document.")
    return [here, Server(url=public_url, description="As others reach it.")] if public_url else [here]


def _operation_id(method: str, resource: object) -> str:
    words = re.sub(r"(?<!^)(?=[A-Z])", "_", type(resource).__name__)
    return f"{method}_{words}".lower()


def _responses(endpoint: Endpoint) -> Documented:
    models: dict[str, Any] = {
        f"HTTP_{status}": endpoint.answer for status in (endpoint.status, *endpoint.alternatives)
    }
    return Documented(**models, **{f"HTTP_{status}": Problem for status in sorted(_refusals(endpoint))})


def _refusals(endpoint: Endpoint) -> set[int]:
    statuses = {400, 422, *_AT_THE_EDGE, *endpoint.refusals}
    if not endpoint.public:
        statuses |= {401, 503}
    if endpoint.action is not None:
        statuses.add(403)
    if endpoint.form is not None:
        statuses |= {411, 413, 415}
    if endpoint.is_command:
        statuses |= {409, 503}
    if endpoint.if_match is not None:
        statuses |= {404, 412, 428}
    return statuses - set(endpoint.alternatives)


def _complete(operation: dict[str, Any], endpoint: Endpoint) -> None:
    operation["parameters"] = [*operation["parameters"], *headers_of(endpoint)]
    if any(parameter["in"] == "path" for parameter in operation["parameters"]):
        operation["responses"].setdefault("404", _problem(HTTPStatus.NOT_FOUND))
    for media_type in endpoint.takes:
        operation["requestBody"]["content"][media_type] = {"schema": _FILE}
    for status, response in operation["responses"].items():
        if int(status) < 400:
            _complete_success(response, endpoint)
        elif "content" in response and int(status) not in endpoint.alternatives:
            response["content"] = {MEDIA_PROBLEM: response["content"][MEDIA_JSON]}


def _complete_success(response: dict[str, Any], endpoint: Endpoint) -> None:
    if told := headers_told(endpoint):
        response["headers"] = told
    if endpoint.media:
        typed = response["content"] if endpoint.answer else {}
        response["content"] = typed | {media_type: _schema_of(media_type) for media_type in endpoint.media}


def _schema_of(media_type: str) -> Mapping[str, Any]:
    if media_type == MEDIA_JSON:
        return {"schema": {"type": "object"}}
    return {"schema": {"type": "string"} if media_type.startswith("text/") else _FILE}


def _problem(status: HTTPStatus) -> dict[str, Any]:
    schema = {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}
    return {"description": status.phrase, "content": {MEDIA_JSON: schema}}
