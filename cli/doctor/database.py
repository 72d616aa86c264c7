"""Whether the databases answer, are new enough, let us do our work, and hold our tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

from countersign.cli.doctor.finding import Finding, failed, ok, warning
from countersign.cli.ledger import Ledger
from countersign.cli.tables import lacks_foundations, missing_tables
from countersign.eventstore.databases import Database, Databases
from countersign.eventstore.outage import DatabaseUnavailable, is_outage
from countersign.projections.following.positions import State

_OLDEST_POSTGRES: Final = 12
_OLDEST_SQLITE: Final = (3, 35)
_PROBE: Final = "countersign_doctor_probe"


class _Undo(Exception):
    pass


def server(databases: Databases) -> Iterator[Finding]:
    """Whether it answers, and which version it is."""
    if databases.folder is not None:
        yield _sqlite(databases)
        return
    apart = (databases.keys,) if databases.options.keys_url else ()
    for database in (databases.log, *apart):
        try:
            with database.read() as connection:
                number = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())
        except DatabaseUnavailable as away:
            remedy = "Start PostgreSQL, or mend database.url (COUNTERSIGN_DATABASE_URL) and the network."
            yield failed("database", f"PostgreSQL ({database.name}) does not answer: {away}", remedy)
            continue
        yield _postgres(number // 10_000, database.name)


def privileges(databases: Databases) -> Iterator[Finding]:
    """Whether tables can be made and rows written; what is tried is undone."""
    for database in (databases.log, databases.read, databases.keys):
        if databases.folder is not None and not (databases.folder / f"{database.name}.db").exists():
            continue
        subject = f"database {database.name}"
        try:
            with database.write() as connection:
                _try_all(connection, database)
                raise _Undo
        except _Undo:
            yield ok(subject, "tables can be made, rows written and locks taken")
        except DatabaseUnavailable as away:
            remedy = (
                "Start the database; if another process holds its lock, see which (`countersign status`)."
            )
            yield failed(subject, f"no write: {away}", remedy)
        except Exception as refused:
            if is_outage(refused):
                raise
            remedy = "GRANT CREATE ON DATABASE, and make the user of this service own the schemas."
            yield failed(subject, f"not allowed: {getattr(refused, 'orig', refused)}", remedy)


def tables(databases: Databases) -> Iterator[Finding]:
    """Whether `init` was run, with this version of the program."""
    missing = missing_tables(databases)
    shown = ", ".join(missing[:5]) + (" and others" if len(missing) > 5 else "")
    if lacks_foundations(missing):
        yield failed("tables", f"missing: {shown}", "Run `countersign init`.")
    elif missing:
        remedy = "Run `countersign projections rebuild all`: the log has what was in them."
        yield warning("tables", f"read tables are missing: {shown}", remedy)
    else:
        yield ok("tables", "all there")


def read_tables(opened: Ledger) -> Iterator[Finding]:
    """Whether every read table goes on and lacks nothing: what is behind catches up by itself."""
    if lacks_foundations(missing_tables(opened.databases)):
        return  # `tables` says so
    lags = opened.lags()
    wrong = {
        lag.name: f"stopped: {lag.error_class}"
        if lag.state is State.FAILED
        else f"{lag.letters} dead letter{'' if lag.letters == 1 else 's'}"
        for lag in lags
        if lag.letters or lag.state is State.FAILED
    }
    for name, says in wrong.items():
        remedy = f"`countersign projections show {name}` says why; docs/runbook.md, A letter opened."
        yield failed("read tables", f"{name}: {says}", remedy)
    if not wrong:
        yield ok("read tables", "all go on and lack nothing")


def _sqlite(databases: Databases) -> Finding:
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        remedy = "Use a Python with a newer SQLite, or PostgreSQL (database.url)."
        return failed("database", f"SQLite {sqlite3.sqlite_version} is too old", remedy)
    return ok("database", f"SQLite {sqlite3.sqlite_version} in {databases.folder}")


def _postgres(version: int, name: str) -> Finding:
    if version < _OLDEST_POSTGRES:
        remedy = f"Upgrade it: {_OLDEST_POSTGRES} or newer is needed."
        return failed("database", f"PostgreSQL {version} ({name}) is too old", remedy)
    return ok("database", f"PostgreSQL {version} ({name})")


def _try_all(connection: Connection, database: Database) -> None:
    place = ""
    if database.dialect == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('countersign doctor'))")
        there = "SELECT 1 FROM pg_namespace WHERE nspname = %s"
        if connection.exec_driver_sql(there, (database.name,)).first() is None:
            connection.exec_driver_sql(f'CREATE SCHEMA "{database.name}"')
        place = f'"{database.name}".'
    connection.exec_driver_sql(f"CREATE TABLE {place}{_PROBE} (n INTEGER)")
    connection.exec_driver_sql(f"INSERT INTO {place}{_PROBE} VALUES (1)")  # noqa: S608 - names of our own
