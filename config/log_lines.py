"""The two forms of a log line: JSON for machines, one readable line for a terminal."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

from countersign.config.log_masking import Masking

_OF_EVERY_RECORD = frozenset(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) | {
    "message",
    "asctime",
    "taskName",
}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class JsonLines(logging.Formatter):
    """One JSON object a line; what a call passes as `extra` stands beside the message."""

    def __init__(self, masking: Masking) -> None:
        super().__init__()
        self._masking = masking

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": _time(record).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "pid": record.process,
            "message": self._masking.text(record.getMessage()),
        }
        line |= {name: value for name, value in _extra(record, self._masking).items() if name not in line}
        if trace := _trace(self, record):
            line["exception"] = self._masking.text(trace)
        return json.dumps(line, ensure_ascii=True)


class ReadableLines(logging.Formatter):
    """Time, level, logger, message, then the extra fields; a traceback follows on its own lines."""

    def __init__(self, masking: Masking) -> None:
        super().__init__()
        self._masking = masking

    def format(self, record: logging.LogRecord) -> str:
        time = _time(record).astimezone().strftime("%H:%M:%S.%f")[:-3]
        message = _one_line(self._masking.text(record.getMessage()))
        fields = [f"{name}={_shown(value)}" for name, value in _extra(record, self._masking).items()]
        origin = record.name.removeprefix("countersign.")
        line = " ".join([time, f"{record.levelname:<7}", f"{origin}:", message, *fields])
        trace = self._masking.text(_trace(self, record))
        return f"{line}\n{trace}" if trace else line


def _time(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _extra(record: logging.LogRecord, masking: Masking) -> dict[str, object]:
    extra = {name: value for name, value in record.__dict__.items() if name not in _OF_EVERY_RECORD}
    return {name: masking.field(name, value) for name, value in extra.items() if value is not None}


def _trace(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    parts = [formatter.formatException(record.exc_info)] if record.exc_info else []
    if record.stack_info:
        parts.append(formatter.formatStack(record.stack_info))
    return "\n".join(parts)


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return json.dumps(text, ensure_ascii=False) if not text or re.search(r"[\s\"]", text) else _one_line(text)


def _one_line(text: str) -> str:
    # A line break or a terminal's control sequence in a user's text must not look like a line of ours.
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
