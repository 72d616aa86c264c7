"""One declaration an endpoint: what it takes, who may call it, what it answers and how it refuses.

The annotations of a responder are the declaration of its bodies: `form` is read from the request, `query`
from its parameters, and what it returns is sent. The gate and the OpenAPI document read the same declaration.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from types import NoneType
from typing import Any, Final, get_args, get_type_hints

from falcon import Request, Response

from countersign.http.answers import Answer, send
from countersign.http.bodies import Form
from countersign.http.parameters import Parameters
from countersign.http.staleness import marked

Responder = Callable[..., Any]
_DECLARATION: Final = "endpoint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """What is declared of one method of one address.

    `reads` are the projections that a query reads; none of them means the log itself, None that it reads
    neither. `action` must be permitted to the caller's role. `enrolling` lets in who has to enrol a second
    factor first, `renewing` whoever has an access token from before the last proof of identity.
    `alternatives` are statuses under which the same answer is sent. `takes` are media types of request bodies
    besides JSON, `media` those of an answer that is not JSON; with an `answer`, of one that is JSON or not.
    """

    tag: str
    status: int = 200
    is_command: bool = False
    public: bool = False
    action: str | None = None
    enrolling: bool = False
    renewing: bool = False
    reads: tuple[str, ...] | None = None
    if_match: str | None = None
    refusals: tuple[int, ...] = ()
    alternatives: tuple[int, ...] = ()
    takes: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    form: type[Form] | None = None
    parameters: type[Parameters] = Parameters
    answer: type[Answer] | None = None

    def inputs(self, req: Request) -> dict[str, Any]:
        """What the responder is given besides the path's values.

        Raises:
            Refusal: the request does not fit the declaration.
        """
        query = self.parameters.read(req)
        given: dict[str, Any] = {} if self.parameters is Parameters else {"query": query}
        if self.form is not None:
            given["form"] = self.form.read(req)
        return given


def endpoint_of(resource: object, method: str) -> Endpoint | None:
    """What was declared of a method of a resource; None when it does not have it."""
    return getattr(getattr(resource, f"on_{method.lower()}", None), _DECLARATION, None)


def command(
    tag: str,
    *,
    status: int = 200,
    public: bool = False,
    if_match: str | None = None,
    alternatives: tuple[int, ...] = (),
    refusals: tuple[int, ...] = (),
    takes: tuple[str, ...] = (),
    renewing: bool = False,
) -> Callable[[Responder], Responder]:
    """Declare a responder that gives a command. `if_match` says what the ETag is of."""
    return _declared(
        tag=tag,
        status=status,
        is_command=True,
        public=public,
        if_match=if_match,
        alternatives=alternatives,
        refusals=refusals,
        takes=takes,
        renewing=renewing,
    )


def query(
    tag: str,
    *,
    reads: tuple[str, ...] | None = (),
    action: str | None = None,
    enrolling: bool = False,
    refusals: tuple[int, ...] = (),
    media: tuple[str, ...] = (),
) -> Callable[[Responder], Responder]:
    """Declare a responder that reads for somebody who is signed in."""
    return _declared(tag=tag, reads=reads, action=action, enrolling=enrolling, refusals=refusals, media=media)


def public(
    tag: str,
    *,
    alternatives: tuple[int, ...] = (),
    media: tuple[str, ...] = (),
    refusals: tuple[int, ...] = (),
) -> Callable[[Responder], Responder]:
    """Declare a responder that tells anybody about the service."""
    return _declared(tag=tag, public=True, alternatives=alternatives, media=media, refusals=refusals)


def _declared(**declaration: Any) -> Callable[[Responder], Responder]:
    def decorate(responder: Responder) -> Responder:
        hints = get_type_hints(responder)
        given = {"form": hints.get("form"), "parameters": hints.get("query", Parameters)}
        endpoint = Endpoint(**declaration, **given, answer=_answer_in(hints["return"]))

        @wraps(responder)
        def respond(self: object, req: Request, resp: Response, **values: Any) -> None:
            resp.status = endpoint.status
            result = responder(self, req, resp, **endpoint.inputs(req), **values)
            if result is not None:
                send(resp, marked(req, result, values))

        setattr(respond, _DECLARATION, endpoint)
        return respond

    return decorate


def _answer_in(returned: Any) -> type[Answer] | None:
    # A responder that returns None has sent something else itself.
    kinds = get_args(returned) or (returned,)
    return next((kind for kind in kinds if kind is not NoneType), None)
