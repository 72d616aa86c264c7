"""How gunicorn refuses what it cannot read: with a problem body, as the API refuses everything else."""

from __future__ import annotations

from http import HTTPStatus
from socket import socket

from gunicorn import util

from countersign.http.problems import MEDIA_PROBLEM, Problem


def answer_with_problems() -> None:
    """Take the place of gunicorn's HTML page; it has no setting for that."""
    util.write_error = write_problem


def write_problem(sock: socket, status_int: int, reason: str, mesg: str) -> None:
    """Refuse a request and end its connection; of what was sent (`mesg`), nothing is repeated."""
    if (
        status_int == HTTPStatus.NOT_IMPLEMENTED
    ):  # a transfer coding that is unknown; gunicorn gives no phrase
        reason = HTTPStatus(status_int).phrase
    code = reason.lower().replace(" ", "_").replace("-", "_")
    problem = Problem(
        type=f"/problems/{code}",
        title=reason,
        status=status_int,
        code=code,
        detail=HTTPStatus(status_int).description or reason,
        request_id="",
    )
    body = problem.model_dump_json().encode()
    lines = (
        f"HTTP/1.1 {status_int} {reason}",
        "Connection: close",
        f"Content-Type: {MEDIA_PROBLEM}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        f"Content-Length: {len(body)}",
    )
    util.write_nonblock(sock, "\r\n".join((*lines, "", "")).encode() + body)
