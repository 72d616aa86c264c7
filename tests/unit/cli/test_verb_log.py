"""What somebody who calls a verb sees of the log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from countersign.cli.verb_log import configure_verb_log
from countersign.config.layers import load_settings
from countersign.config.serving import LogFile

log = logging.getLogger("countersign.commands.dispatch")


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


def test_a_verb_shows_warnings_and_its_log_file_gets_everything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = load_settings({}, {"data_dir": tmp_path, "logging.handlers": ["console", "file"]})
    file = LogFile(path=tmp_path / "x.log", max_bytes=1 << 20, backups=1)
    configure_verb_log(replace(settings, logging=replace(settings.logging, file=file)))

    log.info("a command")
    log.warning("a slow disk")

    shown = capsys.readouterr().err
    assert ("a command" in shown, "a slow disk" in shown) == (False, True)
    assert len((tmp_path / "x.log").read_text("utf-8").splitlines()) == 2
