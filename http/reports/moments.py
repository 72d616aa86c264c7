"""`?as_of=`: a report as it was at a version, at a position of the log, or at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from countersign.aggregates.report.report import Report
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.log import Log
from countersign.http.parameters import Parameters
from countersign.http.problems import Refusal

_NUMBERED: Final = ("version", "position")
_MOST_DIGITS: Final = 15


class AsOf(Parameters):
    """When: `version:7`, `position:1234`, or a time with its zone such as `2026-03-18T12:00:00Z`."""

    as_of: Annotated[str, Field(max_length=60, examples=["version:7", "2026-03-18T12:00:00Z"])] | None = None


def report_at(as_of: str | None, current: Report, aggregates: Aggregates, log: Log) -> Report:
    """The report as it was then; as it is now when no moment is named.

    Raises:
        Refusal: 422 for a moment that cannot be read, 404 when there was no such report then.
    """
    if as_of is None:
        return current
    version = _version(as_of, current.id, log)
    found = aggregates.find(Report, current.id, version=version) if 0 < version <= current.version else None
    if found is None:
        raise Refusal(
            404, "no_such_moment", f"the report has versions 1 to {current.version}, none at {as_of}"
        )
    return found


def _version(as_of: str, stream: UUID, log: Log) -> int:
    kind, _, number = as_of.partition(":")
    if kind not in _NUMBERED:
        return _version_at(log.position_at(_time(as_of)), stream, log)
    if not (number.isascii() and number.isdecimal() and len(number) <= _MOST_DIGITS):
        raise _unreadable()
    return int(number) if kind == "version" else _version_at(int(number), stream, log)


def _version_at(position: int, stream: UUID, log: Log) -> int:
    return max((row.version for row in log.stream(stream) if row.position <= position), default=0)


def _time(as_of: str) -> datetime:
    try:
        time = datetime.fromisoformat(as_of)
    except ValueError:
        raise _unreadable() from None
    if time.tzinfo is None:
        raise _unreadable()
    return time


def _unreadable() -> Refusal:
    wanted = "must be version:N, position:N, or a time with its zone such as 2026-03-18T12:00:00Z"
    return Refusal(422, "invalid_parameters", f"as_of {wanted}", [("/as_of", wanted)])
