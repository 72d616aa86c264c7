"""What the demo asked of the service and was answered, on disk, so that a killed run can be told again.

A request is written down before it is sent. After a crash it is sent once more, word for word and under the
same Idempotency-Key: it has one effect however often the demo dies. One that was answered is not sent again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A command as it goes to the service; it holds passwords where a command does."""

    method: str
    path: str
    body: Any = None
    if_match: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the service said."""

    status: int
    body: Any = None
    etag: str | None = None
    location: str | None = None
    position: int = 0


class Journal:
    """Requests and answers by step; the file only grows."""

    def __init__(self, path: Path) -> None:
        self._requests: dict[str, Request] = {}
        self._answers: dict[str, Answer] = {}
        for line in _whole_lines(path):
            self._take(json.loads(line))
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._file = os.fdopen(descriptor, "ab")

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def request(self, step: str, wanted: Request) -> Request:
        """The request of that step as it was first written down, which is this one if it is new."""
        if step not in self._requests:
            self._write({"step": step, "request": asdict(wanted)})
        return self._requests[step]

    def answer(self, step: str) -> Answer | None:
        """What the step was answered, if it was."""
        return self._answers.get(step)

    def keep(self, step: str, answer: Answer) -> None:
        """Write down an answer."""
        self._write({"step": step, "answer": asdict(answer)})

    def _write(self, entry: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(entry).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._take(entry)

    def _take(self, entry: Mapping[str, Any]) -> None:
        if "request" in entry:
            self._requests[entry["step"]] = Request(**entry["request"])
        else:
            self._answers[entry["step"]] = Answer(**entry["answer"])


def _whole_lines(path: Path) -> list[bytes]:
    if not path.exists():
        return []
    content = path.read_bytes()
    whole, _, torn = content.rpartition(b"\n")
    if torn:  # the demo died while it wrote this line, so before it acted on it
        os.truncate(path, len(content) - len(torn))
    return whole.splitlines()
