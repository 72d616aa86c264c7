"""How each kind of periodic work went last: plumbing, so no events; written by whoever has done it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Final, Self

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, Text, select
from sqlalchemy.dialects import postgresql, sqlite

from countersign.eventstore.databases import Database
from countersign.projections.columns import CanonicalJson, Instant

metadata = MetaData()
runs = Table(
    "periodic_runs",
    metadata,
    Column("kind", String(60), primary_key=True),
    Column("due_at", Instant, nullable=False),
    Column("ended_at", Instant, nullable=False),
    Column("result", CanonicalJson, nullable=False),
    Column("error", Text),
    Column("told", CanonicalJson, nullable=False),
    Column("told_at", Instant),
    Column("runs", Integer, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodicRun:
    """The latest run of a kind: its result, or the `error` with which it failed.

    Of a quiet kind the log was told at `told_at` what of the result was news; since then there were so many
    `runs`.
    """

    kind: str
    due_at: datetime
    ended_at: datetime
    result: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None
    told: Mapping[str, str] = field(default_factory=dict)
    told_at: datetime | None = None
    runs: int = 0

    @property
    def says(self) -> str:
        """What came of it, in a line."""
        return self.error or ", ".join(f"{name} {value}" for name, value in self.result.items()) or "done"

    def told_as(self, news: Mapping[str, str]) -> Self:
        """The log has just been told of it."""
        return replace(self, told=news, told_at=self.ended_at, runs=0)

    def told_with(self, last: PeriodicRun) -> Self:
        """There was no news since the last one."""
        return replace(self, told=last.told, told_at=last.told_at)


_FIELDS: Final = tuple(runs.c[name] for name in PeriodicRun.__slots__)


def create_tables(read: Database) -> None:
    """Make the table where it is missing."""
    read.create(metadata)


def keep_run(read: Database, run: PeriodicRun) -> None:
    """Write down how a kind went; what is known of a later due time stays."""
    with read.write(synced=False) as connection:
        known = _load(connection, run.kind)
        if known is not None and known.due_at > run.due_at:
            return
        values = asdict(run)
        insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(runs)
        connection.execute(insert.values(values).on_conflict_do_update(index_elements=["kind"], set_=values))


def last_run(read: Database, kind: str) -> PeriodicRun | None:
    """The latest run of a kind, or None."""
    with read.read() as connection:
        return _load(connection, kind)


def periodic_runs(read: Database) -> Mapping[str, PeriodicRun]:
    """The latest run of each kind that has one."""
    with read.read() as connection:
        rows = connection.execute(select(*_FIELDS))
        return {row.kind: PeriodicRun(**row._mapping) for row in rows}


def _load(connection: Connection, kind: str) -> PeriodicRun | None:
    row = connection.execute(select(*_FIELDS).where(runs.c.kind == kind)).one_or_none()
    return None if row is None else PeriodicRun(**row._mapping)
