"""Where this process's log lines go, and in which form: the one place that decides it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from typing import TextIO

from countersign.config.log_file import SharedLogFile
from countersign.config.log_lines import JsonLines, ReadableLines
from countersign.config.log_masking import Masking
from countersign.config.secret import Secret
from countersign.config.serving import Logging


def configure_logging(
    settings: Logging, secrets: Iterable[Secret] = (), stream: TextIO | None = None
) -> None:
    """Send the log of this process to the console (`stream`, else stderr) and the file that `settings` name.

    No line shows a text of `secrets`. A second call replaces what the first one set up.
    """
    masking, console = Masking(secrets), stream or sys.stderr
    root = logging.getLogger()
    for handler in root.handlers[:]:
        root.removeHandler(handler)
        handler.close()
    for name in settings.handlers:
        root.addHandler(
            _console(settings, masking, console) if name == "console" else _file(settings, masking)
        )
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
