"""Every refusal as `application/problem+json` (RFC 9457): a stable code, what to do, and where."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

import falcon
from falcon import App, HTTPError, Request, Response
from pydantic import BaseModel

from countersign.aggregates.root import DomainError
from countersign.eventstore.log import AppendRefused, LogUnavailable
from countersign.eventstore.outage import DatabaseUnavailable, is_of_another_version
from countersign.eventstore.topics import UnknownTopic

logger = logging.getLogger(__name__)

MEDIA_PROBLEM: Final = "application/problem+json"
_MOST_ERRORS: Final = 500


class Fault(BaseModel):
    """One thing that is wrong, and where."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """Why a request was refused. `code` is stable; nothing was written."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[Fault] = []
    request_id: str


class Refusal(Exception):
    """A request that is refused at the edge, before any command."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        errors: Sequence[tuple[str, str]] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = headers or {}


def install_problems(app: App[Any, Any]) -> None:
    """Answer every error of an app with a problem body."""
    app.add_error_handler(Exception, _on_bug)
    app.add_error_handler(HTTPError, _on_http_error)
    app.add_error_handler(DomainError, _on_broken_rule)
    app.add_error_handler(DatabaseUnavailable, _on_unavailable)
    app.add_error_handler(UnknownTopic, _on_newer_event)
    app.add_error_handler(AppendRefused, _on_unstorable)
    app.add_error_handler(Refusal, _on_refusal)


def write_problem(
    req: Request, resp: Response, status: int, code: str, detail: str, errors: Sequence[tuple[str, str]] = ()
) -> None:
    """Answer with a problem body."""
    problem = Problem(
        type=f"/problems/{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        code=code,
        detail=detail,
        errors=[Fault(pointer=pointer, detail=fault) for pointer, fault in errors[:_MOST_ERRORS]],
        request_id=getattr(req.context, "request_id", ""),
    )
    resp.status = status
    resp.content_type = MEDIA_PROBLEM
    resp.data = problem.model_dump_json().encode()
    resp.set_header("Cache-Control", "no-store")
    req.context.problem = code


def _on_refusal(req: Request, resp: Response, refusal: Refusal, _params: Any) -> None:
    resp.set_headers(refusal.headers)
    write_problem(req, resp, refusal.status, refusal.code, refusal.detail, refusal.errors)


def _on_broken_rule(req: Request, resp: Response, rule: DomainError, _params: Any) -> None:
    if rule.status == HTTPStatus.UNAUTHORIZED:
        resp.set_header("WWW-Authenticate", "Bearer")
    if rule.retry_after_s is not None:
        resp.set_header("Retry-After", str(rule.retry_after_s))
    elif rule.status == HTTPStatus.SERVICE_UNAVAILABLE:
        resp.set_header("Retry-After", "1")
    write_problem(req, resp, rule.status, rule.code, rule.detail, rule.pointers)


def _on_unavailable(req: Request, resp: Response, away: DatabaseUnavailable, _params: Any) -> None:
    resp.set_header("Retry-After", str(max(1, round(away.retry_after_s))))
    if isinstance(away, LogUnavailable) and away.in_doubt:
        lost = "the answer was lost: repeat it with the same Idempotency-Key"
        write_problem(req, resp, HTTPStatus.SERVICE_UNAVAILABLE, "outcome_unknown", lost)
    else:
        advice = "the database cannot be reached now: nothing was written, try again"
        write_problem(req, resp, HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", advice)
    request_id = req.context.request_id
    logger.warning(req.context.problem, extra={"request_id": request_id, "reason": str(away)})


def _on_newer_event(req: Request, resp: Response, unknown: UnknownTopic, _params: Any) -> None:
    resp.set_header("Retry-After", "30")
    advice = "a newer version of the service has written to it, which this server does not run yet: try again"
    write_problem(req, resp, HTTPStatus.SERVICE_UNAVAILABLE, "written_by_newer_version", advice)
    logger.error(req.context.problem, extra={"request_id": req.context.request_id, "reason": str(unknown)})


def _on_unstorable(req: Request, resp: Response, refused: AppendRefused, _params: Any) -> None:
    write_problem(req, resp, HTTPStatus.UNPROCESSABLE_ENTITY, "unstorable", str(refused))


def _on_http_error(req: Request, resp: Response, error: HTTPError, _params: Any) -> None:
    status = falcon.http_status_to_code(error.status)
    if error.headers:
        resp.set_headers(error.headers)
    code = HTTPStatus(status).phrase.lower().replace(" ", "_").replace("-", "_")
    write_problem(req, resp, status, code, error.description or _advice(status))


def _on_bug(req: Request, resp: Response, bug: Exception, _params: Any) -> None:
    if is_of_another_version(bug):
        _on_other_tables(req, resp, bug)
        return
    logger.error("request failed", extra={"request_id": getattr(req.context, "request_id", "")}, exc_info=bug)
    write_problem(
        req,
        resp,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal_error",
        "something went wrong here; tell us the request id",
    )


def _on_other_tables(req: Request, resp: Response, bug: Exception) -> None:
    resp.set_header("Retry-After", "30")
    advice = (
        "the tables are those of another version of the service: nothing was written, try again when an "
        "operator has finished the upgrade (`countersign init`, `countersign projections rebuild all`)"
    )
    write_problem(req, resp, HTTPStatus.SERVICE_UNAVAILABLE, "upgrade_unfinished", advice)
    reason = str(getattr(bug, "orig", bug)).strip()
    logger.error(req.context.problem, extra={"request_id": req.context.request_id, "reason": reason})


def _advice(status: int) -> str:
    match status:
        case HTTPStatus.NOT_FOUND:
            return "there is nothing at this address; GET / lists what there is"
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return "this address does not take that method; the Allow header lists those it takes"
        case _:
            return HTTPStatus(status).description or HTTPStatus(status).phrase
