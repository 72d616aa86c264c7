"""`?as_of=`: a version, a position of the log, or a time, and what position that is."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from countersign.eventstore.admission import MAX_VERSION
from countersign.eventstore.log import Log
from countersign.http.parameters import Paging, Parameters
from countersign.http.problems import Refusal

_VERSION: Final = "version"
_POSITION: Final = "position"
_MOST_DIGITS: Final = 15

Moment = Annotated[str, Field(max_length=60, examples=["position:1234", "2026-03-18T12:00:00Z"])]


class AsOf(Parameters):
    """When: `version:7`, `position:1234`, or a time with its zone such as `2026-03-18T12:00:00Z`."""

    as_of: Annotated[str, Field(max_length=60, examples=["version:7", "2026-03-18T12:00:00Z"])] | None = None


class AsOfOnePaging(Paging, AsOf):
    """How much of a list about one thing, and when; the `next_cursor` of a page belongs to its moment."""


class AsOfPaging(Paging):
    """How much of a list, and when: `position:1234` or a time; a `next_cursor` belongs to its moment."""

    as_of: Moment | None = None


def position_of(as_of: str, log: Log, now: datetime, stream: UUID | None) -> int:
    """The position of the log that a moment names; versions are those of `stream`.

    Raises:
        Refusal: 422 when it cannot be read or has not come yet, 404 for a version that there is not.
    """
    kind, _, number = as_of.partition(":")
    if kind == _VERSION and stream is not None:
        return _position_of_version(_number(number, stream), log, stream)
    if kind == _POSITION:
        return _reached(_number(number, stream), log)
    return _position_at(_time(as_of, stream), log, now)


def no_such_moment(as_of: str) -> Refusal:
    """What is asked for was not there then."""
    return Refusal(404, "no_such_moment", f"there was no such thing at {as_of}, or it has no such version")


def _position_of_version(version: int, log: Log, stream: UUID) -> int:
    events = log.stream(stream, version - 1, version) if 0 < version <= MAX_VERSION else []
    if not events:
        raise no_such_moment(f"version:{version}")
    return events[0].position


def _reached(position: int, log: Log) -> int:
    head = log.head()
    if position > head:
        raise _not_yet(f"the log has reached position {head}, not {position}")
    return position


def _position_at(time: datetime, log: Log, now: datetime) -> int:
    if time > now:
        raise _not_yet(f"it is {now.isoformat(timespec='seconds')}, and {time.isoformat()} is to come")
    return log.position_at(time)


def _number(digits: str, stream: UUID | None) -> int:
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _MOST_DIGITS):
        raise _unreadable(stream)
    return int(digits)


def _time(as_of: str, stream: UUID | None) -> datetime:
    try:
        time = datetime.fromisoformat(as_of)
    except ValueError:
        raise _unreadable(stream) from None
    if time.tzinfo is None:
        raise _unreadable(stream)
    return time


def _not_yet(reason: str) -> Refusal:
    return Refusal(
        422, "moment_in_future", f"as_of names a moment that has not come: {reason}", [("/as_of", reason)]
    )


def _unreadable(stream: UUID | None) -> Refusal:
    numbered = "position:N" if stream is None else "version:N, position:N"
    wanted = f"must be {numbered}, or a time with its zone such as 2026-03-18T12:00:00Z"
    return Refusal(422, "invalid_parameters", f"as_of {wanted}", [("/as_of", wanted)])
