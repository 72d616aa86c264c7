"""Statements that take as long as tables are big."""

from __future__ import annotations

from sqlalchemy import Connection


def be_patient(connection: Connection) -> None:
    """Let a statement of this transaction take its time."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
