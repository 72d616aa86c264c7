"""How far each reaction has come: moved only by the elected runner, with the effects in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import BigInteger, Column, MetaData, String, Table, and_, insert, select, update
from sqlalchemy.engine import Connection

metadata = MetaData()
checkpoints = Table(
    "reaction_checkpoints",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("fence", BigInteger, nullable=False),
)


class Deposed(Exception):
    """Another runner has been elected; nothing was written."""


def positions(connection: Connection) -> Mapping[str, int]:
    """The position of each reaction that was ever begun."""
    return {row.name: row.position for row in connection.execute(select(checkpoints))}


def begin(connection: Connection, names: Collection[str], head: int, fence: int) -> Mapping[str, int]:
    """The positions of these reactions. One never seen starts at the head, lest it repeat the past in the
    world; in a fresh installation, which has no past, at the beginning.
    """
    known = positions(connection)
    start = head if known else 0
    new = [{"name": name, "position": start, "fence": fence} for name in names if name not in known]
    if new:
        connection.execute(insert(checkpoints), new)
    return {name: known.get(name, start) for name in names}


def move(connection: Connection, name: str, before: int, after: int, fence: int) -> None:
    """Move one checkpoint on.

    Raises:
        Deposed: it is not where this runner left it, or a later one has moved it.
    """
    ours = and_(checkpoints.c.name == name, checkpoints.c.position == before, checkpoints.c.fence <= fence)
    change = update(checkpoints).where(ours).values(position=after, fence=fence)
    if connection.execute(change).rowcount != 1:
        raise Deposed(f"the reaction {name} was moved on from {before} by another runner")
