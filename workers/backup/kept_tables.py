"""The tables of the read database that go into a backup, since the log does not give them again."""

from __future__ import annotations

from typing import Any, Final

from countersign.eventstore.backup.kept_rows import KeptRow, KeptTable
from countersign.projections.people.api_usage import usage
from countersign.workers.effect import State
from countersign.workers.effects_table import effects
from countersign.workers.reaction_checkpoints import checkpoints


def _checkpoint(row: KeptRow, position: int) -> KeptRow | None:
    return {**row, "position": min(row["position"], position)}


def _effect(row: KeptRow, position: int) -> KeptRow | None:
    # Whoever held it is not there any more.
    free: dict[str, Any] = {"holder": None, "lease_until": None}
    state = State.READY if row["state"] == State.CLAIMED else row["state"]
    return {**row, **free, "state": state} if row["position"] <= position else None


KEPT: Final = (
    KeptTable(checkpoints, as_of=_checkpoint),
    KeptTable(effects, which=effects.c.state.in_((State.READY, State.CLAIMED, State.DEAD)), as_of=_effect),
    KeptTable(usage),
)
"""How far reactions have come, and what they want that is not done. Both are read before the log's position,
so a reaction takes events again rather than passing over some, which it may: it wants the same effects."""
