"""What the database tells about itself."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from countersign.eventstore.upkeep.index_advice import Advice
from countersign.http.answers import Answer


class DatabaseAnswer(Answer):
    """One of the three databases; `free_bytes` lie unused in its file, which only SQLite tells."""

    database: str
    size_bytes: int
    free_bytes: int | None


class TableAnswer(Answer):
    """A table, its size without and with its indexes apart; what the database does not tell is null."""

    database: str
    table: str
    rows: int
    table_bytes: int | None
    index_bytes: int | None
    dead_rows: int | None
    analysed_at: datetime | None
    vacuumed_at: datetime | None


class TablesAnswer(Answer):
    """Every table, the largest of each database first."""

    databases: list[DatabaseAnswer]
    items: list[TableAnswer]


class IndexAdviceAnswer(Answer):
    """Advice about an index, or about a table that lacks one, with the figures it rests on."""

    database: str
    table: str
    index: str | None
    advice: Advice
    because: str
    size_bytes: int | None


class IndexesAnswer(Answer):
    """All advice; none of it is followed by itself."""

    items: list[IndexAdviceAnswer]


class SlowStatementAnswer(Answer):
    """A statement without its parameters, with times in milliseconds.

    `own`: the service counted the calls that took longer than `database.slow_statement_ms`. `server`:
    PostgreSQL counted all calls (pg_stat_statements), of which one at least took so long.
    """

    statement: str
    calls: int
    total_ms: float
    mean_ms: float
    longest_ms: float
    last_at: datetime | None
    counted_by: Literal["own", "server"]


class SlowStatementsAnswer(Answer):
    """Slow statements, those first that took most time altogether; a threshold of 0 watches nothing."""

    threshold_ms: int
    items: list[SlowStatementAnswer]


class PoolAnswer(Answer):
    """A pool of connections of the process that answers; `overflow` are those beyond its size."""

    name: str
    size: int
    idle: int
    in_use: int
    overflow: int


class ServerConnectionsAnswer(Answer):
    """Connections that the server has, from everybody, by who holds them and what they do."""

    application: str
    state: str
    connections: int


class PoolStatusAnswer(Answer):
    """Connections as they are now; `process_id` answered, another one has pools of its own."""

    process_id: int
    pools: list[PoolAnswer]
    server: list[ServerConnectionsAnswer]
    most: int | None
