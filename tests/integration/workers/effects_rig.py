"""Effects on a real database, with causes made up by the test."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from countersign.eventstore.databases import Database
from countersign.workers.effect import Cause, Wanted
from countersign.workers.effects_table import write_effects

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def a_cause(position: int = 1, at: datetime = NOON, reaction: str = "greet") -> Cause:
    return Cause(reaction=reaction, event_id=uuid4(), position=position, correlation="trail", recorded_at=at)


def a_wish(
    target: str = "world", queue: str = "work", kind: str = "greet", payload: Mapping[str, Any] | None = None
) -> Wanted:
    return Wanted(queue=queue, kind=kind, target=target, payload=payload or {"target": target})


def want(database: Database, *wanted: tuple[Wanted, Cause]) -> int:
    with database.write() as connection:
        return write_effects(connection, wanted)


def want_many(database: Database, count: int, **wish: Any) -> list[str]:
    targets = [f"{number:03}" for number in range(count)]
    want(database, *((a_wish(target, **wish), a_cause(int(target) + 1)) for target in targets))
    return targets


def no_such_effect() -> UUID:
    return uuid4()
