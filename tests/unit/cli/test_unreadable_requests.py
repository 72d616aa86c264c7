from __future__ import annotations

import json
import logging
import socket

import pytest
from gunicorn import util
from gunicorn.config import Config
from gunicorn.http.errors import InvalidHeader, InvalidHTTPVersion, InvalidRequestLine

from countersign.cli.gunicorn_hooks import OneLog
from countersign.cli.unreadable_requests import answer_with_problems, write_problem


@pytest.mark.parametrize(
    ("status", "reason", "code"),
    [
        (400, "Bad Request", "bad_request"),
        (414, "URI Too Long", "uri_too_long"),
        (501, "Bad Request", "not_implemented"),
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
    assert head.startswith(f"HTTP/1.1 {status} {problem['title']}\r\n".encode())
    assert b"Content-Type: application/problem+json" in head
    assert b"Cache-Control: no-store" in head
    assert f"Content-Length: {len(body)}".encode() in head
    assert (problem["status"], problem["code"]) == (status, code)
    assert b"planted" not in body


def test_gunicorn_refuses_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(util, "write_error", util.write_error)

    answer_with_problems()

    assert util.write_error is write_problem


@pytest.mark.parametrize("kind", [InvalidHeader, InvalidHTTPVersion, InvalidRequestLine])
@pytest.mark.parametrize("sent", ["Authorization Bearer planted", "Cookie 'planted'"])
def test_the_log_tells_of_a_broken_request_without_what_it_was_made_of(
    kind: type[Exception], sent: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "gunicorn.error"):
        OneLog(Config()).warning(f"Invalid request from ip=192.0.2.7: {kind(sent)}")

    assert "Invalid request from ip=192.0.2.7: Invalid HTTP" in caplog.text
    assert "planted" not in caplog.text


def test_other_warnings_are_logged_as_they_are(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "gunicorn.error"):
        OneLog(Config()).warning("Worker (pid:%s) was sent '%s'!", 7, "SIGKILL")

    assert "Worker (pid:7) was sent 'SIGKILL'!" in caplog.text
