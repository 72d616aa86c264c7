"""How the background work has gone for a while: by state, by class of failure, and over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, case, func, select

from countersign.eventstore.databases import Database
from countersign.projections.projection import view_of
from countersign.projections.work.job_board import jobs
from countersign.projections.work.job_states import JobState

_view: Final = view_of(jobs)
_LENGTHS: Final = {"hour": 13, "day": 10}  # of the text of a moment, up to there
_ENDED_WELL: Final = (JobState.SUCCEEDED,)
_ENDED_BADLY: Final = (JobState.FAILED, JobState.IN_DOUBT)


@dataclass(frozen=True, slots=True)
class Standing:
    """So many jobs of a kind are in a state."""

    kind: str
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class FailureCount:
    """So many jobs of a kind have an attempt behind them that failed so, the last one at `last_at`."""

    kind: str
    failure_class: str
    state: str
    count: int
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Span:
    """What ended in an hour or a day, and how long it took from being wanted, in seconds."""

    at: datetime
    kind: str
    succeeded: int
    failed: int
    mean_s: float
    longest_s: float


def standings(read: Database, since: datetime) -> Sequence[Standing]:
    """Jobs that were wanted since then, by kind and state."""
    query = (
        select(_view.c.kind, _view.c.state, func.count())
        .where(_view.c.created_at >= since)
        .group_by(_view.c.kind, _view.c.state)
        .order_by(_view.c.kind, _view.c.state)
    )
    with read.read() as connection:
        return [Standing(*row) for row in connection.execute(query)]


def failures(read: Database, since: datetime) -> Sequence[FailureCount]:
    """Jobs wanted since then that have failed or wait for another attempt, the most frequent class first."""
    number = func.count()
    query = (
        select(_view.c.kind, _view.c.error_class, _view.c.state, number, func.max(_last(read)))
        .where(_view.c.created_at >= since, _view.c.error_class.is_not(None))
        .where(_view.c.state != JobState.CANCELLED)
        .group_by(_view.c.kind, _view.c.error_class, _view.c.state)
        .order_by(number.desc(), _view.c.kind, _view.c.error_class, _view.c.state)
    )
    with read.read() as connection:
        rows = connection.execute(query).all()
    return [FailureCount(kind, told, state, count, _moment(last)) for kind, told, state, count, last in rows]


def spans(read: Database, since: datetime, unit: str) -> Sequence[Span]:
    """What has ended since then, by hour or day of UTC, the earliest first."""
    bucket = _text(read, _view.c.finished_at, _LENGTHS[unit])
    took_s = _seconds(read, _view.c.finished_at) - _seconds(read, _view.c.created_at)
    query = (
        select(
            bucket,
            _view.c.kind,
            func.sum(case((_view.c.state.in_(_ENDED_WELL), 1), else_=0)),
            func.sum(case((_view.c.state.in_(_ENDED_BADLY), 1), else_=0)),
            func.avg(took_s),
            func.max(took_s),
        )
        .where(_view.c.finished_at >= since)
        .group_by(bucket, _view.c.kind)
        .order_by(bucket, _view.c.kind)
    )
    with read.read() as connection:
        rows = connection.execute(query).all()
    return [
        Span(_begin(at), kind, int(well), int(badly), float(mean), float(longest))
        for at, kind, well, badly, mean, longest in rows
    ]


def _text(read: Database, moment: ColumnElement[Any], length: int) -> ColumnElement[str]:
    """A moment of UTC as text, cut off: both dialects write it alike, so that it groups alike."""
    if read.dialect == "sqlite":
        return func.substr(moment, 1, length)
    return func.substr(func.to_char(func.timezone("UTC", moment), 'YYYY-MM-DD"T"HH24:MI:SS'), 1, length)


def _seconds(read: Database, moment: ColumnElement[Any]) -> ColumnElement[Any]:
    if read.dialect == "sqlite":
        return func.julianday(moment) * 86_400.0
    return func.extract("epoch", moment)


def _last(read: Database) -> ColumnElement[str]:
    return _text(read, func.coalesce(_view.c.finished_at, _view.c.started_at, _view.c.created_at), 19)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=UTC)


def _begin(text: str) -> datetime:
    whole = text if len(text) == _LENGTHS["day"] else f"{text}:00"
    return datetime.fromisoformat(whole).replace(tzinfo=UTC)
