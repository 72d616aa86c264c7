"""Log lines: their form, their fields, their file, and what they never show."""

from __future__ import annotations

import io
import json
import logging
import multiprocessing
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from countersign.config.layers import load_settings
from countersign.config.log_setup import configure_logging
from countersign.config.secret import Secret, SecretUrl
from countersign.config.serving import LogFile, Logging

log = logging.getLogger("countersign.http.requests")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    root.handlers = []
    yield
    for handler in root.handlers:
        handler.close()
    root.handlers = handlers
    root.setLevel(level)
    logging.captureWarnings(False)


def _settings(tmp_path: Path, **changes: object) -> Logging:
    overrides = {"data_dir": tmp_path} | {f"logging.{name}": value for name, value in changes.items()}
    return load_settings({}, overrides).logging


def _lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def _log_files(folder: Path) -> list[Path]:
    return [file for file in folder.glob("x.log*") if file.suffix != ".lock"]


def test_a_line_is_json_when_nobody_watches(tmp_path: Path) -> None:
    stream = io.StringIO()
    configure_logging(_settings(tmp_path), stream=stream)

    log.info(
        "answered %d",
        201,
        extra={"request_id": UUID(int=7), "duration_ms": 1.5, "position": 12, "command": None},
    )

    (line,) = _lines(stream)
    assert str(line.pop("time")).endswith("+00:00")
    assert isinstance(line.pop("pid"), int)
    assert line == {
        "level": "info",
        "logger": "countersign.http.requests",
        "message": "answered 201",
        "request_id": "00000000-0000-0000-0000-000000000007",
        "duration_ms": 1.5,
        "position": 12,
    }


def test_a_line_is_readable_on_a_terminal(tmp_path: Path) -> None:
    stream = _Terminal()
    configure_logging(_settings(tmp_path), stream=stream)

    log.warning("slow", extra={"request_id": "r1", "path": "/a b"})

    assert stream.getvalue()[13:] == 'WARNING http.requests: slow request_id=r1 path="/a b"\n'


@pytest.mark.parametrize(("form", "stream"), [("json", _Terminal()), ("console", io.StringIO())])
def test_the_form_can_be_fixed(tmp_path: Path, form: str, stream: io.StringIO) -> None:
    configure_logging(_settings(tmp_path, format=form), stream=stream)

    log.info("hello")

    assert stream.getvalue().startswith("{") == (form == "json")


def test_the_level_holds_back_what_is_below_it(tmp_path: Path) -> None:
    stream = io.StringIO()
    configure_logging(_settings(tmp_path, level="warning"), stream=stream)

    log.info("quiet")
    log.warning("loud")

    assert [line["message"] for line in _lines(stream)] == ["loud"]


def test_an_exception_stays_within_its_line_of_json(tmp_path: Path) -> None:
    stream = io.StringIO()
    configure_logging(_settings(tmp_path), stream=stream)

    try:
        raise RuntimeError("broken\nin two")
    except RuntimeError:
        log.exception("failed")

    (line,) = _lines(stream)
    assert "RuntimeError: broken\nin two" in str(line["exception"])


def test_a_text_from_outside_cannot_make_a_line_of_its_own(tmp_path: Path) -> None:
    stream = _Terminal()
    configure_logging(_settings(tmp_path), stream=stream)

    log.info("asked for %s", "x\n12:00:00.000 INFO forged\x1b[2J", extra={"agent": "a\r\nb"})

    assert stream.getvalue().count("\n") == 1
    assert "\x1b" not in stream.getvalue()


def test_fields_that_json_does_not_know_are_written_as_text(tmp_path: Path) -> None:
    stream = io.StringIO()
    configure_logging(_settings(tmp_path), stream=stream)

    log.info(
        "odd", extra={"ratio": float("nan"), "where": Path("/x"), "many": {"a": (1, "b")}, "message_": "kept"}
    )

    (line,) = _lines(stream)
    assert (line["ratio"], line["where"], line["many"]) == ("nan", "/x", {"a": [1, "b"]})


def test_warnings_are_logged(tmp_path: Path) -> None:
    stream = io.StringIO()
    configure_logging(_settings(tmp_path), stream=stream)

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("soon gone", DeprecationWarning, stacklevel=1)

    assert any("soon gone" in str(line["message"]) for line in _lines(stream))


def test_a_second_call_replaces_the_first(tmp_path: Path) -> None:
    first, second = io.StringIO(), io.StringIO()
    configure_logging(_settings(tmp_path), stream=first)
    configure_logging(_settings(tmp_path), stream=second)

    log.info("once")

    assert (len(_lines(first)), len(_lines(second))) == (0, 1)


@pytest.mark.parametrize("form", ["json", "console"])
def test_no_line_shows_a_known_secret(tmp_path: Path, form: str) -> None:
    stream = io.StringIO()
    secrets = [Secret('hun"ter\\2'), SecretUrl("postgresql://app:tr%C3%A9sor@db/x"), Secret("")]
    configure_logging(_settings(tmp_path, format=form), secrets, stream)

    log.info(
        "told %s",
        'hun"ter\\2',
        extra={"why": 'a hun"ter\\2 b', "nested": [{"k": "trésor"}], "hun": secrets[0]},
    )
    try:
        raise ValueError("trésor and tr%C3%A9sor")
    except ValueError:
        log.exception("failed")

    text = stream.getvalue().encode().decode("unicode_escape")
    for shown in ("ter\\2", "trésor", "tr%C3%A9sor", "tr\\u00e9sor"):
        assert shown not in stream.getvalue()
        assert shown not in text
    assert "***" in text


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("Authorization: Bearer abc.def", "Authorization: ***"),
        ("{'Authorization': 'Basic dTpw', 'Accept': '*/*'}", "{'Authorization': '***', 'Accept': '*/*'}"),
        ("sent bearer 0123456789abcdef0123", "sent bearer ***"),
        ('{"password": "hunter2", "name": "A"}', '{"password": ***, "name": "A"}'),
        ("password=hunter2&x=1", "password=***&x=1"),
        ("new_password: hunter2, x", "new_password: ***, x"),
        ("refresh_token=abc", "refresh_token=***"),
        ("cannot reach redis://:hunter2@cache/0", "cannot reach redis://:***@cache/0"),
        ("got eyJhbGciOi.eyJzdWIi.c2ln", "got ***"),
        ("the token expired; authorization failed", "the token expired; authorization failed"),
        ("http://127.0.0.1:8080/v1/reports", "http://127.0.0.1:8080/v1/reports"),
    ],
)
def test_what_looks_like_a_secret_is_masked(tmp_path: Path, message: str, shown: str) -> None:
    stream = io.StringIO()
    configure_logging(_settings(tmp_path), stream=stream)

    log.info(message)

    assert _lines(stream)[0]["message"] == shown


@pytest.mark.parametrize(
    "name", ["password", "client_secret", "authorization", "Cookie", "api_key", "access_token"]
)
def test_a_field_named_like_a_secret_is_masked(tmp_path: Path, name: str) -> None:
    stream = io.StringIO()
    configure_logging(_settings(tmp_path), stream=stream)

    log.info("x", extra={name: "short", "headers": {name: ["short"]}})

    assert _lines(stream)[0][name] == "***"
    assert _lines(stream)[0]["headers"] == {name: "***"}


def test_the_log_file_rotates_and_keeps_so_many_backups(tmp_path: Path) -> None:
    settings = replace(
        _settings(tmp_path, handlers=["file"]),
        file=LogFile(path=tmp_path / "logs/x.log", max_bytes=1024, backups=2),
    )
    configure_logging(settings)

    for number in range(60):
        log.info("line %d", number)

    files = sorted(_log_files(tmp_path / "logs"))
    assert [file.name for file in files] == ["x.log", "x.log.1", "x.log.2"]
    assert all(file.stat().st_size <= 1024 for file in files)
    assert json.loads(files[0].read_text(encoding="utf-8").splitlines()[-1])["message"] == "line 59"


def test_console_and_file_are_written_side_by_side(tmp_path: Path) -> None:
    stream = _Terminal()
    settings = _settings(tmp_path, handlers=["console", "file"])
    configure_logging(settings, stream=stream)

    log.info("both")

    assert "http.requests: both" in stream.getvalue()
    assert json.loads(settings.file.path.read_text(encoding="utf-8"))["message"] == "both"


def _write_lines(settings: Logging, writer: int, count: int) -> None:
    configure_logging(settings)
    for number in range(count):
        log.info("line", extra={"writer": writer, "number": number})


def test_several_processes_rotate_one_file_without_losing_a_line(tmp_path: Path) -> None:
    settings = replace(
        _settings(tmp_path, handlers=["file"]),
        file=LogFile(path=tmp_path / "x.log", max_bytes=4096, backups=200),
    )
    fork = multiprocessing.get_context("fork")
    writers = [fork.Process(target=_write_lines, args=(settings, writer, 300)) for writer in range(3)]
    for each in writers:
        each.start()
    for each in writers:
        each.join(timeout=60)

    assert [each.exitcode for each in writers] == [0, 0, 0]
    files = _log_files(tmp_path)
    lines = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(files) > 10
    assert sorted((line["writer"], line["number"]) for line in lines) == [
        (w, n) for w in range(3) for n in range(300)
    ]
