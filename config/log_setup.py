"""Where this process's log lines go, and in which form: the one place that decides it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TextIO

from countersign.config.log_file import SharedLogFile
from countersign.config.log_lines import JsonLines, ReadableLines
from countersign.config.log_masking import Masking
from countersign.config.secret import Secret
from countersign.config.serving import Logging

Ids = Callable[[], Mapping[str, str]]
"""The ids of the work that the calling thread does, by the names of their fields."""


class _WithIds(logging.Filter):
    def __init__(self, ids: Ids) -> None:
        super().__init__()
        self._ids = ids

    def filter(self, record: logging.LogRecord) -> bool:
        for name, value in self._ids().items():
            if not hasattr(record, name):
                setattr(record, name, value)
        return True


def configure_logging(
    settings: Logging,
    secrets: Iterable[Secret] = (),
    stream: TextIO | None = None,
    ids: Ids = dict,
    console_from: int = logging.NOTSET,
) -> None:
    """Send the log of this process to the console (`stream`, else stderr) and the file that `settings` name.

    No line shows a text of `secrets`; each has the `ids` that it does not name itself. The console gets those
    from level `console_from` on.
    A second call replaces what the first one set up.
    """
    masking, console = Masking(secrets), stream or sys.stderr
    root = logging.getLogger()
    for handler in root.handlers[:]:
        root.removeHandler(handler)
        handler.close()
    for name in settings.handlers:
        handler = _console(settings, masking, console) if name == "console" else _file(settings, masking)
        handler.setLevel(console_from if name == "console" else logging.NOTSET)
        handler.addFilter(_WithIds(ids))
        root.addHandler(handler)
    root.setLevel(settings.level.upper())
    logging.captureWarnings(True)


def _console(settings: Logging, masking: Masking, stream: TextIO) -> logging.Handler:
    handler = logging.StreamHandler(stream)
    readable = settings.format == "console" or (settings.format == "auto" and stream.isatty())
    handler.setFormatter(ReadableLines(masking) if readable else JsonLines(masking))
    return handler


def _file(settings: Logging, masking: Masking) -> logging.Handler:
    handler = SharedLogFile(settings.file.path, settings.file.max_bytes, settings.file.backups)
    handler.setFormatter(ReadableLines(masking) if settings.format == "console" else JsonLines(masking))
    return handler
