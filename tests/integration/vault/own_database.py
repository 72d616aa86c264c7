"""A real database in which Vault makes the users: they own nothing, the group that they belong to does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg2
from sqlalchemy import make_url

_ASK_FOR_PASSWORDS = "local all /^v- scram-sha-256\nhost all /^v- all scram-sha-256\n"


def execute(url: str, statement: str) -> list[tuple[object, ...]]:
    """One statement, and its rows."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        cursor = connection.cursor()
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


@contextmanager
def owned_by_a_group(url: str) -> Iterator[str]:
    """The group's name. The database is empty, and asks the users that Vault makes for their passwords."""
    group, name = f"group_{uuid4().hex[:12]}", make_url(url).database
    execute(url, f'CREATE ROLE "{group}" NOLOGIN')
    execute(url, "DROP SCHEMA IF EXISTS log, read, keys CASCADE")
    execute(url, f'ALTER DATABASE "{name}" OWNER TO "{group}"')
    ((file,),) = execute(url, "SHOW hba_file")
    rules = Path(str(file))
    before = rules.read_text("utf-8")
    rules.write_text(_ASK_FOR_PASSWORDS + before, "utf-8")
    execute(url, "SELECT pg_reload_conf()")
    try:
        yield group
    finally:
        rules.write_text(before, "utf-8")
        execute(url, "SELECT pg_reload_conf()")
        execute(url, f'ALTER DATABASE "{name}" OWNER TO CURRENT_USER')
        execute(url, f'DROP OWNED BY "{group}" CASCADE')
        execute(url, f'DROP ROLE "{group}"')


def url_of(url: str, user: str = "nobody", password: str = "") -> str:
    """The same database as somebody else."""
    other = make_url(url).set(username=user, password=password or None)
    return other.render_as_string(hide_password=False)
