from __future__ import annotations

import json
import socket

import pytest
from gunicorn import util

from countersign.cli.unreadable_requests import answer_with_problems, write_problem


@pytest.mark.parametrize(
    ("status", "reason", "code"),
    [
        (400, "Bad Request", "bad_request"),
        (414, "URI Too Long", "uri_too_long"),
        (431, "Request Header Fields Too Large", "request_header_fields_too_large"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_problem_that_repeats_nothing(
    status: int, reason: str, code: str
) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        write_problem(ours, status, reason, "Invalid header: 'Bearer planted-secret'")
        head, _, body = theirs.recv(65536).partition(b"\r\n\r\n")

    problem = json.loads(body)
    assert head.startswith(f"HTTP/1.1 {status} {reason}\r\n".encode())
    assert b"Content-Type: application/problem+json" in head
    assert b"Cache-Control: no-store" in head
    assert f"Content-Length: {len(body)}".encode() in head
    assert (problem["status"], problem["code"]) == (status, code)
    assert b"planted" not in body


def test_gunicorn_refuses_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(util, "write_error", util.write_error)

    answer_with_problems()

    assert util.write_error is write_problem
