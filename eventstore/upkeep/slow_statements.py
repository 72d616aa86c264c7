"""The statements that took long, of all processes: counted in a table, or by PostgreSQL itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from operator import itemgetter
from typing import Any, Final, Literal

from sqlalchemy import (
    Column,
    Connection,
    Float,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    delete,
    func,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from countersign.eventstore.databases import Database, Databases
from countersign.eventstore.slow_watch import Slow

metadata = MetaData()
slow_statements = Table(
    "slow_statements",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("statement", Text, nullable=False),
    Column("calls", Integer, nullable=False),
    Column("total_ms", Float, nullable=False),
    Column("longest_ms", Float, nullable=False),
    Column("last_at_s", Float, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowStatement:
    """A statement without its parameters; times in milliseconds.

    `own`: only those calls that took longer than the threshold. `server`: all of them, as the extension
    pg_stat_statements counts them, which knows no last time.
    """

    statement: str
    calls: int
    total_ms: float
    mean_ms: float
    longest_ms: float
    last_at: datetime | None
    counted_by: Literal["own", "server"]


_BY_SERVER: Final = """
    SELECT s.query AS statement, s.calls, s.total_exec_time AS total_ms, s.mean_exec_time AS mean_ms,
           s.max_exec_time AS longest_ms
    FROM "{schema}".pg_stat_statements s
    JOIN pg_database d ON d.oid = s.dbid AND d.datname = current_database()
    WHERE s.max_exec_time >= :threshold_ms
      AND s.userid = (SELECT oid FROM pg_roles WHERE rolname = current_user)
    ORDER BY s.total_exec_time DESC LIMIT :most
    """
_WHERE_COUNTED: Final = text(
    "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace "
    "WHERE e.extname = 'pg_stat_statements'"
)


def keep_slow_statements(databases: Databases) -> None:
    """From now on, what this process finds slow is added to the table."""
    databases.slow.keep_with(lambda found: add_slow(databases.read, found))


def add_slow(read: Database, found: Iterable[Slow]) -> None:
    """Add what a process has counted.

    Raises:
        DatabaseUnavailable: nothing was added.
    """
    # In one order, so that two processes that add at once do not wait for each other for ever.
    rows = sorted(map(_row, found), key=itemgetter("digest"))
    with read.write(synced=False) as connection:
        dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
        insert = dialect.insert(slow_statements)
        new, old, larger = insert.excluded, slow_statements.c, _LARGER[connection.dialect.name]
        sums: dict[str, Any] = {name: old[name] + new[name] for name in ("calls", "total_ms")}
        last = {name: larger(old[name], new[name]) for name in ("longest_ms", "last_at_s")}
        change = insert.on_conflict_do_update(index_elements=["digest"], set_=sums | last)
        connection.execute(change, rows)


def slowest(read: Database, threshold_ms: int, limit: int = 50) -> Sequence[SlowStatement]:
    """Those that took most time altogether."""
    with read.read() as connection:
        if (counted := _of_server(connection, threshold_ms, limit)) is not None:
            return counted
        query = select(slow_statements).order_by(slow_statements.c.total_ms.desc()).limit(limit)
        return [_own(row) for row in connection.execute(query).mappings()]


def forget_slow(read: Database, before: datetime) -> int:
    """Delete those that were not slow since; how many."""
    with read.write() as connection:
        old = slow_statements.c.last_at_s < before.timestamp()
        return connection.execute(delete(slow_statements).where(old)).rowcount


_LARGER: Final[Mapping[str, Any]] = {"postgresql": func.greatest, "sqlite": func.max}


def _row(slow: Slow) -> dict[str, Any]:
    return {
        "digest": sha256(slow.statement.encode()).hexdigest(),
        "statement": slow.statement,
        "calls": slow.calls,
        "total_ms": slow.total_ms,
        "longest_ms": slow.longest_ms,
        "last_at_s": slow.last_at.timestamp(),
    }


def _own(row: RowMapping) -> SlowStatement:
    return SlowStatement(
        statement=row["statement"],
        calls=row["calls"],
        total_ms=row["total_ms"],
        mean_ms=row["total_ms"] / row["calls"],
        longest_ms=row["longest_ms"],
        last_at=datetime.fromtimestamp(row["last_at_s"], UTC),
        counted_by="own",
    )


def _of_server(connection: Connection, threshold_ms: int, limit: int) -> Sequence[SlowStatement] | None:
    schema = connection.scalar(_WHERE_COUNTED) if connection.dialect.name == "postgresql" else None
    if schema is None:
        return None
    given = {"threshold_ms": threshold_ms, "most": limit}
    try:
        with connection.begin_nested():
            found = connection.execute(text(_BY_SERVER.format(schema=schema)), given).mappings().all()
    except DBAPIError:  # it is installed, but the server was started without it
        return None
    return [SlowStatement(**row, last_at=None, counted_by="server") for row in found]
