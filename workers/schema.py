"""The tables of this room."""

from __future__ import annotations

from sqlalchemy import Table, text
from sqlalchemy.engine import Connection
from sqlalchemy.schema import CreateColumn

from countersign.eventstore.databases import Database
from countersign.projections.health import effect_counts
from countersign.projections.work import outward_hold
from countersign.workers import effects_table, reaction_checkpoints, workers_table

_COLUMNS = {
    "sqlite": "SELECT name FROM pragma_table_info(:table)",
    "postgresql": "SELECT column_name FROM information_schema.columns "
    "WHERE table_schema = current_schema() AND table_name = :table",
}


def create_tables(database: Database) -> None:
    """Make what is not there yet, in the database that is read from.

    Effects are not made again from the log, so an older version's table gets the columns that it lacks.
    """
    with database.write() as connection:
        _add_columns(connection, database.dialect, effects_table.effects)
    database.create(
        effect_counts.metadata,
        effects_table.metadata,
        outward_hold.metadata,
        reaction_checkpoints.metadata,
        workers_table.metadata,
    )


def _add_columns(connection: Connection, dialect: str, table: Table) -> None:
    there = set(connection.execute(text(_COLUMNS[dialect]), {"table": table.name}).scalars())
    for column in table.columns if there else ():
        if column.name not in there:
            added = CreateColumn(column).compile(dialect=connection.dialect)
            unless_there = "IF NOT EXISTS " if dialect == "postgresql" else ""
            connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {unless_there}{added}")
    if there:
        for index in table.indexes:
            index.create(connection, checkfirst=True)
