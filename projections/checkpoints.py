"""How far each projection has come, moved by compare-and-set under the fence of its owner."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    Row,
    Select,
    String,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    tuple_,
    update,
)

metadata: Final = MetaData()
checkpoints: Final = Table(
    "projection_checkpoints",
    metadata,
    Column("name", String(63), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("state", String(10), nullable=False),
    Column("failed_position", BigInteger),
    Column("error", Text),
)


_PLACE: Final = tuple_(*(checkpoints.c[name] for name in ("name", "version", "position", "fence")))


class State(StrEnum):
    """Whether a projection goes on."""

    RUNNING = "running"
    FAILED = "failed"


_MOVE: Final = (
    update(checkpoints)
    .where(_PLACE.in_(bindparam("held", expanding=True)), checkpoints.c.state == State.RUNNING)
    .values(position=bindparam("to"))
)


class CheckpointMoved(Exception):
    """Somebody else owns the projection now, or moved it: nothing of this batch was written."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """All events up to `position` are in the tables of this version of the projection.

    When it has failed, `failed_position` is the event it cannot take and `error` says why.
    """

    name: str
    version: int
    position: int
    fence: int
    state: State = State.RUNNING
    failed_position: int | None = None
    error: str | None = None

    def at(self, position: int) -> Checkpoint:
        """The same one, moved."""
        return replace(self, position=position)


def load(connection: Connection, names: Collection[str] | None = None) -> Mapping[str, Checkpoint]:
    """The checkpoints by the name of their projection; one that was never claimed has none."""
    query = select(checkpoints)
    if names is not None:
        query = query.where(checkpoints.c.name.in_(names))
    return {row.name: _checkpoint(row) for row in connection.execute(query)}


def claim(connection: Connection, name: str, version: int, fence: int) -> Checkpoint:
    """Take over a projection: from now on nobody with a lower fence can move it. A failed one tries again.

    Raises:
        CheckpointMoved: somebody has claimed it under a higher fence.
    """
    current = connection.execute(_locked(name)).one_or_none()
    if current is None:
        connection.execute(insert(checkpoints).values(name=name, fence=fence, **_running(version, 0)))
        return Checkpoint(name, version, 0, fence)
    if current.fence > fence:
        raise CheckpointMoved(f"{name} has an owner with fence {current.fence}, above {fence}")
    state, error = State.RUNNING, None
    if current.version != version:
        state = State.FAILED
        error = f"its tables are version {current.version}, the program's is {version}: rebuild it"
    _set(connection, name, fence=fence, state=state, failed_position=None, error=error)
    return Checkpoint(name, version, current.position, fence, state, None, error)


def move(connection: Connection, held: Collection[Checkpoint], to: int) -> None:
    """Move projections that stand at one position, all or none; their rows follow in the same transaction.

    Raises:
        CheckpointMoved: one of them is not where its owner left it.
    """
    places = [(at.name, at.version, at.position, at.fence) for at in held]
    moved = connection.execute(_MOVE, {"held": places, "to": to})
    if moved.rowcount != len(held):
        raise CheckpointMoved(f"{moved.rowcount} of {len(held)} projections could be moved to {to}")


def fail(connection: Connection, held: Checkpoint, position: int, error: str) -> Checkpoint:
    """Stop a projection at the event that it cannot take.

    Raises:
        CheckpointMoved: it is not where its owner left it.
    """
    move(connection, [held], held.position)
    _set(connection, held.name, state=State.FAILED, failed_position=position, error=error)
    return replace(held, state=State.FAILED, failed_position=position, error=error)


def retry(connection: Connection, name: str) -> bool:
    """Let a failed projection try again; whether it had failed."""
    failed = (checkpoints.c.name == name) & (checkpoints.c.state == State.FAILED)
    values = {"state": State.RUNNING, "failed_position": None, "error": None}
    return connection.execute(update(checkpoints).where(failed).values(values)).rowcount == 1


def ensure(connection: Connection, name: str, version: int) -> None:
    """Give a projection that nobody has claimed yet a checkpoint that can be locked."""
    if connection.execute(_locked(name)).one_or_none() is None:
        connection.execute(insert(checkpoints).values(name=name, fence=0, **_running(version, 0)))


def lock(connection: Connection, name: str) -> Checkpoint:
    """The checkpoint, held still until the transaction ends."""
    return _checkpoint(connection.execute(_locked(name)).one())


def replace_tables(connection: Connection, name: str, version: int, position: int) -> None:
    """State that the tables were exchanged for ones of this version that stand at this position."""
    _set(connection, name, **_running(version, position))


def forget(connection: Connection, name: str) -> None:
    """Let the projection begin again from nothing."""
    connection.execute(delete(checkpoints).where(checkpoints.c.name == name))


def _running(version: int, position: int) -> dict[str, object]:
    no_failure = {"failed_position": None, "error": None}
    return {"version": version, "position": position, "state": State.RUNNING, **no_failure}


def _locked(name: str) -> Select[Any]:
    return select(checkpoints).where(checkpoints.c.name == name).with_for_update()


def _set(connection: Connection, name: str, **values: object) -> None:
    connection.execute(update(checkpoints).where(checkpoints.c.name == name).values(**values))


def _checkpoint(row: Row[Any]) -> Checkpoint:
    return Checkpoint(**{**row._mapping, "state": State(row.state)})
