"""What the probes found each minute, and how each component stands: looked at, not decided, so no events.

A run is a row of readings that were all well, or all not; incidents are opened and resolved by their length.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
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
    Text,
    delete,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from countersign.eventstore.databases import Database
from countersign.projections.columns import CanonicalJson, Instant
from countersign.projections.health.reading import Condition, Reading

metadata = MetaData()
readings = Table(
    "health_readings",
    metadata,
    Column("component", String(80), primary_key=True),
    Column("minute", Instant, primary_key=True),
    Column("condition", String(10), nullable=False),
    Column("says", Text, nullable=False),
    Column("figures", CanonicalJson, nullable=False),
    Column("took_ms", Float, nullable=False),
)
Index("health_readings_minute", readings.c.minute)
status = Table(
    "health_status",
    metadata,
    Column("component", String(80), primary_key=True),
    Column("condition", String(10), nullable=False),
    Column("says", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    Column("figures", CanonicalJson, nullable=False),
    Column("took_ms", Float, nullable=False),
    Column("at", Instant, nullable=False),
    Column("since", Instant, nullable=False),
    Column("run", Integer, nullable=False),
)
LONGEST_SAYS: Final = 500
UNSEEN: Final = timedelta(minutes=5)
"""So long after its last reading nobody knows how a component stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a component stood at its last reading; so it has been `since`, for a `run` of readings."""

    component: str
    condition: Condition
    says: str
    remedy: str
    figures: Mapping[str, float]
    took_ms: float
    at: datetime
    since: datetime
    run: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PastReading:
    """One reading of the past."""

    component: str
    minute: datetime
    condition: Condition
    says: str
    figures: Mapping[str, float]
    took_ms: float


def record(read: Database, component: str, reading: Reading, at: datetime, took_ms: float) -> None:
    """Keep a reading; of those of one minute, whoever looked, only the first counts.

    Raises:
        DatabaseUnavailable: nothing was kept.
    """
    minute = at.replace(second=0, microsecond=0)
    row = {
        "component": component,
        "minute": minute,
        "condition": str(reading.condition),
        "says": reading.says[:LONGEST_SAYS],
        "figures": _finite(reading.figures),
        "took_ms": took_ms,
    }
    with read.write(synced=False) as connection:
        insert = _dialect(connection).insert(readings).values(**row).on_conflict_do_nothing()
        if connection.execute(insert).rowcount:
            _move_on(connection, component, reading, at, took_ms)


def standings(read: Database) -> Sequence[Standing]:
    """Every component as it stood at its last reading, by name."""
    with read.read() as connection:
        found = connection.execute(select(status).order_by(status.c.component)).mappings()
        return [Standing(**{**row, "condition": Condition(row["condition"])}) for row in found]


def past_readings(
    read: Database, component: str, *, since: datetime, before: datetime, limit: int
) -> Sequence[PastReading]:
    """The readings of a component, the newest first."""
    query = (
        select(readings)
        .where(readings.c.component == component, readings.c.minute >= since, readings.c.minute < before)
        .order_by(readings.c.minute.desc())
        .limit(limit)
    )
    with read.read() as connection:
        found = connection.execute(query).mappings()
        return [PastReading(**{**row, "condition": Condition(row["condition"])}) for row in found]


def forget_before(read: Database, moment: datetime) -> int:
    """Drop readings from before, and components that nobody has looked at since; how many readings."""
    with read.write(synced=False) as connection:
        connection.execute(delete(status).where(status.c.at < moment))
        return connection.execute(delete(readings).where(readings.c.minute < moment)).rowcount


def _move_on(connection: Connection, component: str, reading: Reading, at: datetime, took_ms: float) -> None:
    before = connection.execute(select(status).where(status.c.component == component)).mappings().first()
    goes_on = before is not None and Condition(before["condition"]).is_well is reading.condition.is_well
    row = asdict(
        Standing(
            component=component,
            condition=reading.condition,
            says=reading.says[:LONGEST_SAYS],
            remedy=reading.remedy,
            figures=_finite(reading.figures),
            took_ms=took_ms,
            at=at,
            since=before["since"] if before is not None and goes_on else at,
            run=before["run"] + 1 if before is not None and goes_on else 1,
        )
    )
    row["condition"] = str(reading.condition)
    insert = _dialect(connection).insert(status).values(**row)
    rest = {name: value for name, value in row.items() if name != "component"}
    connection.execute(insert.on_conflict_do_update(index_elements=["component"], set_=rest))


def _finite(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: value for name, value in figures.items() if math.isfinite(value)}


def _dialect(connection: Connection) -> Any:
    return postgresql if connection.dialect.name == "postgresql" else sqlite
