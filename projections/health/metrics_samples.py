"""Figures of the service over time: one sample in five minutes, and of long ago the hours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from countersign.eventstore.databases import Database
from countersign.projections.columns import Instant
from countersign.projections.health.figure import Figure

metadata = MetaData()
samples = Table(
    "metrics_samples",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("label", String(200), primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("least", Float, nullable=False),
    Column("most", Float, nullable=False),
    Column("total", Float, nullable=False),
    Column("count", Integer, nullable=False),
)
Index("metrics_samples_at", samples.c.at)
_KEY: Final = ("name", "label", "at")


@dataclass(frozen=True, slots=True)
class Sample:
    """A figure in the span that begins `at`: `count` samples with their least, most and total."""

    name: str
    label: str
    at: datetime
    least: float
    most: float
    total: float
    count: int

    @property
    def mean(self) -> float:
        """The middle of them."""
        return self.total / self.count


def keep_samples(read: Database, figures: Iterable[Figure], at: datetime) -> int:
    """Keep one sample of each; of two that are taken at once the first counts; how many were new."""
    rows = {(each.name, each.label): _row(each, at) for each in figures}
    if not rows:
        return 0
    with read.write(synced=False) as connection:
        insert = _dialect(connection).insert(samples).on_conflict_do_nothing()
        return sum(connection.execute(insert.values(row)).rowcount for row in rows.values())


def samples_of(
    read: Database, name: str, *, label: str | None = None, since: datetime, before: datetime
) -> Sequence[Sample]:
    """The samples of a figure, the oldest first; of every label unless one is named."""
    query = select(samples).where(samples.c.name == name, samples.c.at >= since, samples.c.at < before)
    if label is not None:
        query = query.where(samples.c.label == label)
    with read.read() as connection:
        found = connection.execute(query.order_by(samples.c.label, samples.c.at)).mappings()
        return [Sample(**row) for row in found]


def names_of_samples(read: Database) -> Sequence[tuple[str, str]]:
    """Every name with every label that there are samples of."""
    query = select(samples.c.name, samples.c.label).distinct().order_by(samples.c.name, samples.c.label)
    with read.read() as connection:
        return [(name, label) for name, label in connection.execute(query)]


def roll_up(read: Database, before: datetime, since: datetime | None = None) -> int:
    """Of each hour before that moment's hour keep one row; how many rows went into them.

    Those up to `since` are known to be rolled up: over a year there are millions of them.
    """
    single = [samples.c.at < _hour_of(before), samples.c.count == 1]
    if since is not None:
        single.append(samples.c.at >= _hour_of(since))
    with read.write(synced=False) as connection:
        taken = [
            Sample(**row)
            for row in connection.execute(delete(samples).where(*single).returning(samples)).mappings()
        ]
        for row in _hours(taken):
            _add(connection, row)
    return len(taken)


def forget_before(read: Database, moment: datetime) -> int:
    """Drop what is older; how many rows."""
    with read.write(synced=False) as connection:
        return connection.execute(delete(samples).where(samples.c.at < moment)).rowcount


def _row(figure: Figure, at: datetime) -> dict[str, Any]:
    value = figure.value
    span = {"least": value, "most": value, "total": value, "count": 1}
    return {"name": figure.name, "label": figure.label[:200], "at": at, **span}


def _hours(taken: Iterable[Sample]) -> list[dict[str, Any]]:
    hours: dict[tuple[str, str, datetime], dict[str, Any]] = {}
    for each in taken:
        hour = _hour_of(each.at)
        key = (each.name, each.label, hour)
        row = hours.get(key)
        if row is None:
            hours[key] = {
                "name": each.name,
                "label": each.label,
                "at": hour,
                "least": each.least,
                "most": each.most,
                "total": each.total,
                "count": each.count,
            }
            continue
        row["least"], row["most"] = min(row["least"], each.least), max(row["most"], each.most)
        row["total"] += each.total
        row["count"] += each.count
    return [hours[key] for key in sorted(hours)]


def _hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _add(connection: Connection, row: dict[str, Any]) -> None:
    insert = _dialect(connection).insert(samples).values(row)
    new = insert.excluded
    smaller, larger = ("min", "max") if connection.dialect.name == "sqlite" else ("least", "greatest")
    added = {
        "least": getattr(func, smaller)(samples.c.least, new.least),
        "most": getattr(func, larger)(samples.c.most, new.most),
        "total": samples.c.total + new.total,
        "count": samples.c["count"] + new["count"],
    }
    connection.execute(insert.on_conflict_do_update(index_elements=_KEY, set_=added))


def _dialect(connection: Connection) -> Any:
    return postgresql if connection.dialect.name == "postgresql" else sqlite
