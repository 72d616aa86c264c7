"""How many effects came out how, and how long they took: counted for ever, by all workers together.

Each worker adds what it has counted every few seconds, so that the sums go on growing while workers come and
go, and one scrape of any API server has them all.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import BigInteger, Column, Float, MetaData, String, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from countersign.eventstore.databases import Database

BUCKETS_S: Final = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0, 120.0, 600.0, math.inf)
FOREVER: Final = "+Inf"
_NAMES: Final[Mapping[float, str]] = MappingProxyType(
    {bound: FOREVER if bound == math.inf else str(bound) for bound in BUCKETS_S}
)

metadata = MetaData()
effect_counts = Table(
    "effect_counts",
    metadata,
    Column("queue", String(40), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("outcome", String(20), primary_key=True),
    Column("up_to_s", String(10), primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("seconds", Float, nullable=False),
)
_KEY: Final = ("queue", "kind", "outcome", "up_to_s")


@dataclass(frozen=True, slots=True)
class Counted:
    """So many effects, which took `seconds` together and `up_to_s` each, more than the bound before that."""

    queue: str
    kind: str
    outcome: str
    up_to_s: str
    count: int
    seconds: float


def bucket_of(seconds: float) -> str:
    """The narrowest bound that so long a time does not exceed."""
    return next(_NAMES[bound] for bound in BUCKETS_S if seconds <= bound)


def add_counts(read: Database, counted: Iterable[Counted]) -> None:
    """Add to what was counted before.

    Raises:
        DatabaseUnavailable: nothing was added.
    """
    # In one order, so that two workers that add at once do not wait for each other for ever.
    rows = sorted(({name: getattr(each, name) for name in Counted.__slots__} for each in counted), key=_key)
    if not rows:
        return
    with read.write(synced=False) as connection:
        dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
        insert = dialect.insert(effect_counts)
        added = {each: effect_counts.c[each] + insert.excluded[each] for each in ("count", "seconds")}
        connection.execute(insert.on_conflict_do_update(index_elements=_KEY, set_=added), rows)


def counts(read: Database) -> Sequence[Counted]:
    """Everything that was counted."""
    query = select(effect_counts).order_by(*(effect_counts.c[name] for name in _KEY))
    with read.read() as connection:
        return [Counted(**row) for row in connection.execute(query).mappings()]


def _key(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in _KEY)
