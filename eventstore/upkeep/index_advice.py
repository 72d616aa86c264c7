"""What the database's own figures say about its indexes: which serve nobody, and where one is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from countersign.eventstore.databases import Database
from countersign.eventstore.upkeep.slow_statements import slowest


class Advice(StrEnum):
    """What is the matter with an index, or with a table that lacks one."""

    UNUSED = "unused"
    REDUNDANT = "redundant"
    INVALID = "invalid"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexAdvice:
    """One piece of advice, and in `because` the figures that it rests on."""

    database: str
    table: str
    index: str | None
    advice: Advice
    because: str
    size_bytes: int | None = None


_PRIMARY: Final = "the primary key"
FEW_ROWS: Final = 10_000
"""Reading a smaller table through is no trouble."""

_UNUSED: Final = text(
    """
    SELECT s.relname AS "table", s.indexrelname AS "index", pg_relation_size(s.indexrelid) AS size_bytes,
           i.indisvalid AS valid, s.idx_scan AS scans,
           (SELECT stats_reset FROM pg_stat_database WHERE datname = current_database()) AS since
    FROM pg_stat_user_indexes s JOIN pg_index i USING (indexrelid) JOIN pg_class c ON c.oid = s.relid
    WHERE s.schemaname = :schema
      AND (NOT i.indisvalid OR (s.idx_scan = 0 AND NOT i.indisunique AND c.reltuples >= :few))
    ORDER BY 3 DESC
    """
)
_READ_THROUGH: Final = text(
    """
    SELECT relname AS "table", seq_scan, seq_tup_read / greatest(seq_scan, 1) AS rows_each
    FROM pg_stat_user_tables WHERE schemaname = :schema AND seq_scan >= 50
      AND seq_tup_read / greatest(seq_scan, 1) >= :few AND coalesce(idx_scan, 0) < 10 * seq_scan
    ORDER BY seq_tup_read DESC
    """
)


def index_advice(database: Database) -> Sequence[IndexAdvice]:
    """All advice about a database; none of it is followed by itself."""
    with database.read() as connection:
        schema = database.name if database.dialect == "postgresql" else None
        found = [*_redundant(connection, database.name, schema)]
        if database.dialect == "postgresql":
            found += [*_by_figures(connection, database.name), *_read_through(connection, database.name)]
    return found if schema else [*found, *_scanned(database)]


def _redundant(connection: Connection, database: str, schema: str | None) -> Iterator[IndexAdvice]:
    seen = inspect(connection)
    for table in seen.get_table_names(schema):
        indexes = [each for each in seen.get_indexes(table, schema) if _plain(each)]
        wider: list[tuple[str, Sequence[Any]]] = [
            (str(each["name"]), each["column_names"]) for each in indexes
        ]
        wider.append((_PRIMARY, seen.get_pk_constraint(table, schema)["constrained_columns"]))
        for index in indexes:
            other = _begins_like(index, wider)
            if other is not None and not index["unique"]:
                because = (
                    f"{other} begins with the same columns: {', '.join(map(str, index['column_names']))}"
                )
                yield _advice(database, table, str(index["name"]), Advice.REDUNDANT, because)


def _plain(index: Any) -> bool:
    options = index.get("dialect_options", {})
    partial = any(name.endswith("_where") and value is not None for name, value in options.items())
    special = options.get("postgresql_using", "btree") != "btree" or index.get("column_sorting")
    return None not in index["column_names"] and not partial and not special


def _begins_like(index: Any, wider: Iterable[tuple[str, Sequence[Any]]]) -> str | None:
    columns = list(index["column_names"])
    for name, others in wider:
        longer = len(others) > len(columns) or name == _PRIMARY
        # Of two that are the same, only one is called redundant.
        if list(others[: len(columns)]) == columns and (longer or name < str(index["name"])):
            return name
    return None


def _by_figures(connection: Connection, schema: str) -> Iterator[IndexAdvice]:
    for row in connection.execute(_UNUSED, {"schema": schema, "few": FEW_ROWS}).mappings():
        since = f"since {row['since']:%Y-%m-%d}" if row["since"] else "since the server counts"
        advice = Advice.UNUSED if row["valid"] else Advice.INVALID
        because = f"asked by nobody {since}" if row["valid"] else "its making was broken off"
        yield _advice(schema, row["table"], row["index"], advice, because, row["size_bytes"])


def _read_through(connection: Connection, schema: str) -> Iterator[IndexAdvice]:
    for row in connection.execute(_READ_THROUGH, {"schema": schema, "few": FEW_ROWS}).mappings():
        because = f"read through {row['seq_scan']} times, {row['rows_each']} rows each time"
        yield _advice(schema, row["table"], None, Advice.MISSING, because)


def _scanned(database: Database) -> Iterator[IndexAdvice]:
    if database.name != "read":  # where the slow statements are kept
        return
    for slow in slowest(database, threshold_ms=0):
        with database.read() as connection:
            for table in filter(partial(_is_large, connection), _read_by(connection, slow.statement)):
                because = f"read through by a statement that was slow {slow.calls} times: {slow.statement}"
                yield _advice(database.name, table, None, Advice.MISSING, because[:500])


def _is_large(connection: Connection, name: str) -> bool:
    """Whether it is a table at all: a plan names parts of a statement in the same way."""
    if not inspect(connection).has_table(name):
        return False
    some = f'SELECT count(*) FROM (SELECT 1 FROM "{name}" LIMIT {FEW_ROWS})'  # noqa: S608 - a table of ours
    return int(connection.exec_driver_sql(some).scalar_one()) == FEW_ROWS


def _read_by(connection: Connection, statement: str) -> Iterator[str]:
    if not statement.lower().startswith(("select", "with")) or "..." in statement:
        return
    try:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", _nothing_for(statement)).all()
    except DBAPIError:  # a statement of another database, or of a table that is gone
        return
    for *_, detail in plan:
        step, _, rest = str(detail).partition(" ")
        if step == "SCAN" and "USING" not in rest and rest.split()[0].isidentifier():
            yield rest.split()[0]


def _nothing_for(statement: str) -> tuple[None, ...]:
    return (None,) * statement.count("?")


def _advice(
    database: str, table: str, index: str | None, advice: Advice, because: str, size: int | None = None
) -> IndexAdvice:
    return IndexAdvice(
        database=database, table=table, index=index, advice=advice, because=because, size_bytes=size
    )
