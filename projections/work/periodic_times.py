"""Up to where the schedule has seen to each kind of periodic work: plumbing, so no events.

The elected scheduler writes it; whoever asks what is due next reads it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Column, Connection, MetaData, String, Table, Text, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from countersign.eventstore.databases import Database
from countersign.projections.columns import Instant

metadata = MetaData()
times = Table(
    "periodic_times",
    metadata,
    Column("kind", String(60), primary_key=True),
    Column("rule", Text, nullable=False),
    Column("missed", String(10), nullable=False),
    Column("seen_to", Instant),
    Column("next_due_at", Instant),
    Column("written_at", Instant, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodicTimes:
    """A kind of periodic work: its rule, the latest due time that was seen to, and the next one.

    `missed` says what becomes of due times that nobody saw to: `once` or `skip`.
    """

    kind: str
    rule: str
    missed: str
    seen_to: datetime | None
    next_due_at: datetime | None
    written_at: datetime


_FIELDS: Final = tuple(times.c[name] for name in PeriodicTimes.__slots__)


def create_tables(read: Database) -> None:
    """Make the table where it is missing."""
    read.create(metadata)


def seen_to(connection: Connection, kind: str) -> datetime | None:
    """Up to where that kind was seen to."""
    found: datetime | None = connection.execute(select(times.c.seen_to).where(times.c.kind == kind)).scalar()
    return found


def write_times(connection: Connection, row: PeriodicTimes) -> None:
    """Write down how a kind stands."""
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(times)
    values = asdict(row)
    connection.execute(insert.values(values).on_conflict_do_update(index_elements=["kind"], set_=values))


def forget_others(connection: Connection, kinds: Collection[str]) -> None:
    """Drop kinds that there are not any more."""
    connection.execute(delete(times).where(times.c.kind.not_in(kinds)))


def periodic_times(read: Database) -> Sequence[PeriodicTimes]:
    """All kinds by name."""
    with read.read() as connection:
        rows = connection.execute(select(*_FIELDS).order_by(times.c.kind))
        return tuple(PeriodicTimes(**row._mapping) for row in rows)
