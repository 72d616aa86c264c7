"""A database for the demo: never one in which somebody's installation lives."""

from __future__ import annotations

from typing import Any

from countersign.cli.invocation import UsageError


def database_for(run_id: str, url: str) -> str:
    """The database of the URL while it is empty, else one of the demo's own on the same server.

    Raises:
        UsageError: the server cannot be reached, or lets nobody make a database.
    """
    import psycopg2  # noqa: PLC0415 - comes with the extra `standard`, which SQLite does not need
    from psycopg2.errors import InsufficientPrivilege  # noqa: PLC0415
    from psycopg2.extensions import quote_ident  # noqa: PLC0415
    from sqlalchemy import make_url  # noqa: PLC0415

    wanted = make_url(url)
    plain = wanted.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        connection = psycopg2.connect(plain)
    except psycopg2.OperationalError as refused:
        raise UsageError(f"The database is not to be had: {refused}") from None
    connection.autocommit = True  # databases are not created in transactions
    try:
        cursor = connection.cursor()
        if not _holds_events(cursor):
            return url
        own = f"countersign_demo_{run_id}"
        cursor.execute(f"CREATE DATABASE {quote_ident(own, connection)}")
        return wanted.set(database=own).render_as_string(hide_password=False)
    except InsufficientPrivilege:
        raise UsageError(
            "An installation lives in this database, and its user may not make another one. "
            "Name an empty database, or go on with an earlier demo by --data-dir."
        ) from None
    finally:
        connection.close()


def _holds_events(cursor: Any) -> bool:
    cursor.execute("SELECT to_regclass('log.events') IS NOT NULL")
    if not cursor.fetchone()[0]:
        return False
    cursor.execute("SELECT EXISTS (SELECT FROM log.events)")
    return bool(cursor.fetchone()[0])
