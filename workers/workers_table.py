"""The table of the processes that work: each writes its own row, and takes it away when it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, String, Table, Text, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from countersign.eventstore.databases import Database
from countersign.projections.columns import CanonicalJson, Instant
from countersign.workers.effect import State
from countersign.workers.effects_table import effects

SILENT_S = 30.0
FORGOTTEN_S = 86_400.0

metadata = MetaData()
workers = Table(
    "workers",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("host", Text, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("version", Text, nullable=False),
    Column("parts", CanonicalJson, nullable=False),
    Column("since", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("draining", Boolean, nullable=False),
    Column("finished", BigInteger, nullable=False),
    Column("memory_bytes", BigInteger, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A process; `parts` is what it does, `finished` how many effects have come to an end in it."""

    name: str
    host: str
    pid: int
    version: str
    parts: tuple[str, ...]
    since: datetime
    seen_at: datetime
    draining: bool
    finished: int
    memory_bytes: int


@dataclass(frozen=True, slots=True)
class Task:
    """An effect that a worker holds; `job` is what people know it as."""

    id: UUID
    queue: str
    kind: str
    job: UUID | None
    claimed_at: datetime | None
    percent: int | None
    step: str | None


class Workers:
    """The roll of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def enter(self, worker: Worker) -> None:
        """It is there; rows of processes that fell silent a day ago go."""
        dialect = postgresql if self._database.dialect == "postgresql" else sqlite
        row = {name: getattr(worker, name) for name in Worker.__slots__}
        put = dialect.insert(workers).values(row)
        forgotten = worker.seen_at - timedelta(seconds=FORGOTTEN_S)
        with self._database.write(synced=False) as connection:
            connection.execute(put.on_conflict_do_update(index_elements=["name"], set_=row))
            connection.execute(delete(workers).where(workers.c.seen_at < forgotten))

    def leave(self, name: str) -> None:
        """It ends as it should."""
        with self._database.write(synced=False) as connection:
            connection.execute(delete(workers).where(workers.c.name == name))

    def all(self) -> Sequence[Worker]:
        """Everyone on the roll, by host; one that was killed stays on it for a day, silent."""
        query = select(*(workers.c[name] for name in Worker.__slots__)).order_by(
            workers.c.host, workers.c.pid
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return [Worker(**{**row._mapping, "parts": tuple(row.parts)}) for row in rows]

    def at_work(self) -> Mapping[str, Sequence[Task]]:
        """What each of them is at, by name."""
        query = select(*(effects.c[name] for name in ("holder", *Task.__slots__)))
        with self._database.read() as connection:
            rows = connection.execute(query.where(effects.c.state == State.CLAIMED)).all()
        found: dict[str, list[Task]] = {}
        for holder, *task in rows:
            found.setdefault(holder, []).append(Task(*task))
        return found
