"""The processes that split partitioned projections among themselves, so that each knows its fair share."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Connection, Double, MetaData, String, Table, delete, func, select, text

from countersign.projections.moment import moment

metadata: Final = MetaData()
workers: Final = Table(
    "projection_workers",
    metadata,
    Column("holder", String(200), primary_key=True),
    Column("seen_at", Double, nullable=False),
)
_ENTER: Final = text(
    "INSERT INTO projection_workers (holder, seen_at) VALUES (:holder, 0) ON CONFLICT (holder) DO NOTHING"
)
_FORGOTTEN_AFTER: Final = 10


def tell(connection: Connection, holder: str, ttl_s: float) -> None:
    """Say that a process is there for so long; those that have been gone for long are struck off."""
    connection.execute(_ENTER, {"holder": holder})
    seen = workers.update().where(workers.c.holder == holder).values(seen_at=moment())
    connection.execute(seen)
    connection.execute(delete(workers).where(workers.c.seen_at < moment() - _FORGOTTEN_AFTER * ttl_s))


def leave(connection: Connection, holder: str) -> None:
    """Say that a process is gone."""
    connection.execute(delete(workers).where(workers.c.holder == holder))


def fair_share(connection: Connection, holder: str, ttl_s: float, parts: int) -> int:
    """How many of so many parts a process should have, as long as no other comes or goes."""
    others = select(func.count()).where(workers.c.seen_at > moment() - ttl_s, workers.c.holder != holder)
    members = 1 + int(connection.scalar(others) or 0)
    return -(-parts // members)
