"""Makes the read tables, and the views by which they are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import ProgrammingError

from countersign.eventstore.databases import Database
from countersign.projections import checkpoints
from countersign.projections.projection import Projection

_CREATING = 5_180_277_311


@contextmanager
def creating(read: Database) -> Iterator[Connection]:
    """A transaction in which no other process creates or drops read tables."""
    with read.write() as connection:
        if read.dialect == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_CREATING})")
        yield connection


def create(read: Database, projections: Iterable[Projection]) -> None:
    """Create what is not there; several processes may do so at once. What is there is left as it is."""
    with creating(read) as connection:
        checkpoints.metadata.create_all(connection)
        for projection in projections:
            create_tables(connection, projection)


def create_tables(connection: Connection, projection: Projection) -> None:
    """Create the tables of one projection, and each view that does not exist."""
    there = _views(connection)
    for table in projection.tables:
        table.create(connection, checkfirst=True)
        if projection.view_name(table) not in there:
            create_view(connection, projection.view_name(table), table.name)


def create_view(connection: Connection, view: str, table: str, how: str = "CREATE VIEW") -> None:
    """Let readers see a table under a name without its version."""
    statement = f'{how} "{view}" AS SELECT * FROM "{table}"'  # noqa: S608 - names of our own
    connection.exec_driver_sql(statement)


def point_view(connection: Connection, view: str, table: str) -> None:
    """Let the view show another table; who is waiting to read it does not find it gone."""
    if connection.dialect.name == "postgresql" and view in _views(connection):
        try:
            with connection.begin_nested():
                create_view(connection, view, table, "CREATE OR REPLACE VIEW")
        except ProgrammingError:
            pass  # the new version has other columns
        else:
            return
    drop_view(connection, view)
    create_view(connection, view, table)


def drop_view(connection: Connection, view: str) -> None:
    """Take a view away, until another takes its place in the same transaction."""
    connection.exec_driver_sql(f'DROP VIEW IF EXISTS "{view}"')


def drop(read: Database, projections: Iterable[Projection]) -> None:
    """Throw read tables away together with their checkpoints; the log has everything that was in them."""
    with creating(read) as connection:
        for projection in projections:
            for table in projection.tables:
                drop_view(connection, projection.view_name(table))
                table.drop(connection, checkfirst=True)
            checkpoints.forget(connection, projection.name)


def _views(connection: Connection) -> set[str]:
    return set(inspect(connection).get_view_names())
