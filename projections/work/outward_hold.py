"""That mail and webhooks stand still since the service was restored: a row, until an operator lets them go.

It is plumbing and no event, since it has to be there before the first event of the restored log.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, Column, MetaData, String, Table, Uuid, delete, insert, select

from countersign.eventstore.databases import Database
from countersign.projections.columns import Instant

metadata = MetaData()
holds = Table(
    "outward_holds",
    metadata,
    Column("backup_id", Uuid, primary_key=True),
    Column("name", String(60), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("after", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("held_at", Instant, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutwardHold:
    """From which backup the service was restored, up to which position, and when."""

    backup_id: UUID
    name: str
    kind: str
    after: int
    position: int
    held_at: datetime


_FIELDS: Final = tuple(holds.c[name] for name in OutwardHold.__slots__)


def hold_outward(read: Database, hold: OutwardHold) -> None:
    """Let nothing leave; a hold that was begun before is replaced."""
    with read.write() as connection:
        connection.execute(delete(holds))
        connection.execute(insert(holds).values(asdict(hold)))


def outward_hold(read: Database) -> OutwardHold | None:
    """Why nothing leaves; None where everything does."""
    with read.read() as connection:
        row = connection.execute(select(*_FIELDS)).first()
    return None if row is None else OutwardHold(**row._mapping)


def let_outward_go(read: Database, backup: UUID) -> None:
    """It was released."""
    with read.write() as connection:
        connection.execute(delete(holds).where(holds.c.backup_id == backup))
