"""PostgreSQL's COPY: the fastest way in for many rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from io import BytesIO
from typing import Final

from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError

from countersign.projections.folding.copy_text import copy_text
from countersign.projections.folding.row import Row

_ROWS_AT_ONCE: Final = 5_000


def copy_in(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Add rows that are not there."""
    _copy(connection, table, table.name, rows)


def merge_in(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Add rows, or put them in the place of those that are there."""
    incoming = f"{table.name}__in"
    connection.exec_driver_sql(f'CREATE TEMP TABLE "{incoming}" (LIKE "{table.name}") ON COMMIT DROP')
    _copy(connection, table, incoming, rows)
    key = ", ".join(f'"{column.name}"' for column in table.primary_key)
    others = [column.name for column in table.columns if not column.primary_key]
    changes = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in others)
    then = f"DO UPDATE SET {changes}" if others else "DO NOTHING"
    connection.exec_driver_sql(
        f'INSERT INTO "{table.name}" SELECT * FROM "{incoming}" ON CONFLICT ({key}) {then}'  # noqa: S608
    )
    connection.exec_driver_sql(f'DROP TABLE "{incoming}"')


def _copy(connection: Connection, table: Table, into: str, rows: Sequence[Row]) -> None:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    statement = f'COPY "{into}" ({names}) FROM STDIN'
    with _as_sqlalchemy_says(connection, statement), closing(connection.connection.cursor()) as cursor:
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            text = copy_text(connection.dialect, table, rows[start : start + _ROWS_AT_ONCE])
            # In one piece: for each piece the driver would wait until other threads let it run.
            cursor.copy_expert(statement, BytesIO(text), size=len(text))


@contextmanager
def _as_sqlalchemy_says(connection: Connection, statement: str) -> Iterator[None]:
    # COPY goes past SQLAlchemy; its errors have to look the same to whoever tells an outage from a mistake.
    driver = connection.dialect.loaded_dbapi
    try:
        yield
    except driver.Error as error:
        raise DBAPIError.instance(statement, None, error, driver.Error) from error
