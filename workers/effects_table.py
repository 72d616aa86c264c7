"""The table of effects; written by reactions in the transaction of their checkpoint."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text, Uuid
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from countersign.projections.columns import CanonicalJson, Instant
from countersign.workers.effect import Cause, State, Wanted, effect_id

metadata = MetaData()
effects = Table(
    "effects",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("queue", String(40), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("reaction", String(60), nullable=False),
    Column("cause", Uuid, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("correlation", Text, nullable=False),
    Column("trace", Text),
    Column("payload", CanonicalJson, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("fence", Integer, nullable=False),
    Column("holder", Text),
    Column("lease_until", Instant),
    Column("attempts", Integer, nullable=False),
    Column("crashes", Integer, nullable=False),
    Column("error_class", String(40)),
    Column("error", Text),
    Column("finished_at", Instant),
    Column("job", Uuid),
    Column("claimed_at", Instant),
    Column("percent", Integer),
    Column("step", Text),
    Column("cancel_wished_at", Instant),
    Column("cancel_wished_by", Uuid),
    Column("lane", String(60)),
)
rates = Table(
    "queue_rates",
    metadata,
    Column("queue", String(40), primary_key=True),
    Column("passed", CanonicalJson, nullable=False),
)
Index("effects_waiting", effects.c.queue, effects.c.state, effects.c.due_at)
Index("effects_of_job", effects.c.job)
Index("effects_in_lane", effects.c.lane, effects.c.state, effects.c.position)
Index("effects_in_state", effects.c.state, effects.c.position)


def write_effects(connection: Connection, wanted: Iterable[tuple[Wanted, Cause]]) -> int:
    """Add what is not there yet, in the caller's transaction; returns how many were new."""
    rows = [_new_row(want, cause) for want, cause in wanted]
    if not rows:
        return 0
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(effects).on_conflict_do_nothing().returning(effects.c.id)
    return len(connection.execute(insert, rows).all())


def _new_row(wanted: Wanted, cause: Cause) -> dict[str, Any]:
    return {
        "id": effect_id(wanted, cause),
        "queue": wanted.queue,
        "kind": wanted.kind,
        "reaction": cause.reaction,
        "cause": cause.event_id,
        "position": cause.position,
        "correlation": cause.correlation,
        "trace": cause.trace or None,
        "payload": dict(wanted.payload),
        "priority": wanted.priority,
        "state": State.READY,
        "due_at": wanted.due_at or cause.recorded_at,
        "job": wanted.job,
        "lane": wanted.lane,
        "fence": 0,
        "attempts": 0,
        "crashes": 0,
    }
