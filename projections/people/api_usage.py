"""How often each API client called, by hour and later by day: counts, not history, so no events.

Every API process adds what it has counted; the hours of long ago are rolled up into days.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, Connection, Index, Integer, MetaData, String, Table, Uuid, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from countersign.eventstore.databases import Database
from countersign.projections.columns import Instant

COUNTS: Final = ("requests", "refused", "failed")

metadata = MetaData()
usage = Table(
    "api_usage",
    metadata,
    Column("client_id", Uuid, primary_key=True),
    Column("span", String(4), primary_key=True),
    Column("began_at", Instant, primary_key=True),
    *(Column(each, Integer, nullable=False) for each in COUNTS),
)
Index("api_usage_began_at", usage.c.span, usage.c.began_at)


@dataclass(frozen=True, slots=True)
class Usage:
    """The calls of a client in the hour or the day that began then.

    `refused` were answered with 4xx and `failed` with 5xx; both are among `requests`.
    """

    client_id: UUID
    span: str
    began_at: datetime
    requests: int
    refused: int
    failed: int


def create_tables(read: Database) -> None:
    """Make the table where it is missing."""
    read.create(metadata)


def add_usage(read: Database, counted: Iterable[Usage]) -> None:
    """Add counts to those of other processes, in one statement.

    Raises:
        DatabaseUnavailable: nothing was added.
    """
    with read.write() as connection:
        _add(connection, counted)


def usage_of(
    read: Database, client_id: UUID, *, since: datetime, before: datetime, limit: int
) -> Sequence[Usage]:
    """The hours, and of long ago the days, in which a client called: the newest first."""
    query = (
        select(usage)
        .where(usage.c.client_id == client_id, usage.c.began_at >= since, usage.c.began_at < before)
        .order_by(usage.c.began_at.desc(), usage.c.span)
        .limit(limit)
    )
    with read.read() as connection:
        return [Usage(**row) for row in connection.execute(query).mappings()]


def roll_up(read: Database, before: datetime) -> int:
    """Keep of the days before that moment's only their sums; how many hours went into them."""
    until = before.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    taken = delete(usage).where(usage.c.span == "hour", usage.c.began_at < until).returning(usage)
    with read.write() as connection:  # taken at once, so that two who roll up do not count an hour twice
        hours = [Usage(**row) for row in connection.execute(taken).mappings()]
        _add(connection, [_of_day(hour) for hour in hours])
    return len(hours)


def _of_day(hour: Usage) -> Usage:
    day = hour.began_at.astimezone(UTC).replace(hour=0)
    return Usage(hour.client_id, "day", day, hour.requests, hour.refused, hour.failed)


def _add(connection: Connection, counted: Iterable[Usage]) -> None:
    rows = _summed(counted)
    if rows:
        dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
        insert = dialect.insert(usage)
        added = {each: usage.c[each] + insert.excluded[each] for each in COUNTS}
        connection.execute(insert.on_conflict_do_update(index_elements=_KEY, set_=added), rows)


def _summed(counted: Iterable[Usage]) -> list[dict[str, Any]]:
    sums: dict[tuple[Any, ...], dict[str, Any]] = {}
    for each in counted:
        key = (each.client_id, each.span, each.began_at)
        row = sums.setdefault(key, {**dict(zip(_KEY, key, strict=True)), **dict.fromkeys(COUNTS, 0)})
        for count in COUNTS:
            row[count] += getattr(each, count)
    # In one order, so that two processes that add at once do not wait for each other for ever.
    return [sums[key] for key in sorted(sums, key=str)]


_KEY: Final = ("client_id", "span", "began_at")
