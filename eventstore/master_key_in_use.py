"""Which master key wraps the keys of people: told by their register, so that all machines have one answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, delete, insert, select, text

metadata = MetaData()
master_key_in_use = Table(
    "master_key_in_use",
    metadata,
    Column("only", Integer, primary_key=True, autoincrement=False),
    Column("key_id", String(16), nullable=False),
    Column("replaces", String(16)),
)

_LOCK: Final = 5180277320


@dataclass(frozen=True, slots=True)
class InUse:
    """`replaces` is the key before it, until everything was wrapped anew and that one destroyed."""

    key_id: str
    replaces: str | None


def in_use(connection: Connection) -> InUse | None:
    """The key that wraps; None while the first key of the installation does."""
    row = connection.execute(select(master_key_in_use.c.key_id, master_key_in_use.c.replaces)).one_or_none()
    return None if row is None else InUse(row.key_id, row.replaces)


def hold(connection: Connection) -> None:
    """Let no other key come into use before this transaction ends."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
        connection.execute(text("SELECT pg_advisory_xact_lock_shared(:lock)"), {"lock": _LOCK})


def hold_alone(connection: Connection) -> None:
    """Wait for whoever is making a key of a person, and let nobody begin before this transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def put_in_use(connection: Connection, now: InUse) -> None:
    """Let this key wrap from here on: whoever wrapped under the one before has committed it."""
    hold_alone(connection)
    connection.execute(delete(master_key_in_use))
    connection.execute(insert(master_key_in_use).values(only=1, key_id=now.key_id, replaces=now.replaces))
