"""How far each reaction has come: moved by the elected runner, in one transaction with the effects."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, MetaData, String, Table, Text, and_, insert, select, update
from sqlalchemy.engine import Connection

metadata = MetaData()
checkpoints = Table(
    "reaction_checkpoints",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("error", Text),
)


class Deposed(Exception):
    """Another runner has moved the reaction; nothing was written."""


@dataclass(frozen=True, slots=True)
class ReactionCheckpoint:
    """What happened up to `position` has had its effects; with an `error` it goes no further."""

    name: str
    position: int
    error: str | None


def load(connection: Connection) -> Mapping[str, ReactionCheckpoint]:
    """Every reaction that was ever begun, by name."""
    return {row.name: ReactionCheckpoint(*row) for row in connection.execute(select(checkpoints))}


def begin(connection: Connection, names: Collection[str], head: int) -> Mapping[str, int]:
    """The positions of these reactions.

    One that had stopped tries again. One never seen before starts at the head, lest it repeat the past in
    the world; in a fresh installation, which has no past, at the beginning.
    """
    known = load(connection)
    start = head if known else 0
    new = [{"name": name, "position": start} for name in names if name not in known]
    if new:
        connection.execute(insert(checkpoints), new)
    connection.execute(update(checkpoints).where(checkpoints.c.name.in_(names)).values(error=None))
    return {name: known[name].position if name in known else start for name in names}


def move(connection: Connection, names: Collection[str], before: int, after: int) -> None:
    """Move reactions on that stand at one position.

    Raises:
        Deposed: one of them is not where this runner left it.
    """
    left_there = and_(checkpoints.c.name.in_(names), checkpoints.c.position == before)
    change = update(checkpoints).where(left_there).values(position=after)
    if connection.execute(change).rowcount != len(names):
        raise Deposed(f"not all of {', '.join(names)} are at {before} any more")


def stop(connection: Connection, name: str, error: str) -> None:
    """Note why a reaction goes no further."""
    connection.execute(update(checkpoints).where(checkpoints.c.name == name).values(error=error))
