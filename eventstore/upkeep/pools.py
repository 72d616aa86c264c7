"""Connections: those that this process holds, and those that the server has from everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import QueuePool, text

from countersign.eventstore.databases import Database, Databases


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A pool of this process; `overflow` are connections beyond its size, which end after use."""

    name: str
    size: int
    idle: int
    in_use: int
    overflow: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerConnections:
    """Connections to the server's database, by what called itself so and what it does."""

    application: str
    state: str
    connections: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolStatus:
    """Both of them; of a server that is a file there are none, and no `most` that it would take."""

    pools: tuple[Pool, ...]
    server: tuple[ServerConnections, ...]
    most: int | None


_BY_STATE: Final = text(
    "SELECT coalesce(application_name, '') AS application, coalesce(state, 'background') AS state, "
    "count(*) AS connections FROM pg_stat_activity WHERE datname = current_database() "
    "GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2"
)
_MOST: Final = text("SELECT current_setting('max_connections')::int")


def pool_status(databases: Databases) -> PoolStatus:
    """As it is at this moment."""
    server, most = _server(databases.read)
    return PoolStatus(pools=tuple(_pools(databases)), server=tuple(server), most=most)


def _pools(databases: Databases) -> Sequence[Pool]:
    pools: dict[int, Pool] = {}
    for database in databases.all():
        for name, engine in database.engines().items():
            # The schemas of one server share a pool, which is listed once.
            if isinstance(engine.pool, QueuePool) and id(engine.pool) not in pools:
                pools[id(engine.pool)] = _pool(_named(databases, database, name), engine.pool)
    return list(pools.values())


def _named(databases: Databases, database: Database, name: str) -> str:
    return f"{database.name} {name}" if databases.folder else name


def _pool(name: str, pool: QueuePool) -> Pool:
    return Pool(
        name=name,
        size=pool.size(),
        idle=pool.checkedin(),
        in_use=pool.checkedout(),
        overflow=max(0, pool.overflow()),
    )


def _server(database: Database) -> tuple[Sequence[ServerConnections], int | None]:
    if database.dialect != "postgresql":
        return (), None
    with database.read() as connection:
        found = [ServerConnections(**row) for row in connection.execute(_BY_STATE).mappings()]
        return found, connection.scalar(_MOST)
