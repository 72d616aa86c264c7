"""What a thread works on, as its log lines name it."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from countersign.config.log_setup import configure_logging
from countersign.config.serving import LogFile, Logging
from countersign.eventstore.trail import Trail, current_trail, leave_trail, on_trail, set_trail

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
WORK = Trail("trail", "request", f"00-{TRACE}-{SPAN}-01")


@pytest.fixture
def lines(tmp_path: Path) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    settings = Logging(
        level="info",
        format="json",
        handlers=("console",),
        file=LogFile(path=tmp_path / "log", max_bytes=1024, backups=1),
    )
    root.handlers = []
    configure_logging(settings, stream=stream, ids=lambda: current_trail().ids())
    yield stream
    logging.captureWarnings(False)
    root.handlers, root.level = handlers, level


def test_every_line_of_the_work_names_request_trail_and_trace(lines: io.StringIO) -> None:
    with on_trail(WORK):
        logging.getLogger("countersign.test").info("rendered", extra={"request_id": "its own"})
    logging.getLogger("countersign.test").info("idle")

    during, after = map(json.loads, lines.getvalue().splitlines())
    assert (during["correlation_id"], during["trace_id"], during["span_id"]) == ("trail", TRACE, SPAN)
    assert during["request_id"] == "its own"
    assert "trace_id" not in after


def test_work_without_ids_has_none() -> None:
    assert Trail().ids() == {}
    assert Trail(correlation="trail").ids() == {"correlation_id": "trail"}


def test_a_thread_keeps_to_its_own_trail() -> None:
    seen: list[Trail] = []
    set_trail(WORK)
    other = threading.Thread(target=lambda: seen.append(current_trail()))
    other.start()
    other.join()
    assert current_trail() is WORK
    leave_trail()
    assert seen == [current_trail()] == [Trail()]


def test_what_an_extra_brings_is_imported_by_nobody_who_did_not_ask() -> None:
    imports = "import countersign.cli.work, countersign.cli.wsgi, countersign.cli.schedule, sys"
    asked = f"{imports}; print([name for name in sys.modules if name.startswith('opentelemetry')])"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"
