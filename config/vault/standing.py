"""How Vault stands with this process: what health, metrics and the doctor show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf

from countersign.config.vault.trouble import VaultRefused, VaultSealed, VaultTrouble


class State(StrEnum):
    """In all states but `ok` the process goes on with what it holds, as long as that lives."""

    OK = "ok"
    SEALED = "sealed"
    AWAY = "away"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Standing:
    """`says` holds no secret; the times left, in seconds, are infinite for what has no end or is not held."""

    state: State
    says: str = ""
    token_left_s: float = inf
    database_left_s: float = inf
    keys_left_s: float = inf

    def __str__(self) -> str:
        if self.state is State.OK:
            return "ok"
        left = min(self.token_left_s, self.database_left_s, self.keys_left_s)
        how_long = "" if left == inf else f"; what is held ends in {max(0, round(left))} s"
        return f"{self.state}: {self.says}{how_long}"


def state_of(trouble: VaultTrouble) -> State:
    """The state that a trouble tells of."""
    if isinstance(trouble, VaultSealed):
        return State.SEALED
    return State.REFUSED if isinstance(trouble, VaultRefused) else State.AWAY
