"""What one source says: settings by their keys, and the mistakes found while reading it."""

from __future__ import annotations

from dataclasses import dataclass, field

from countersign.config.mistakes import Mistake
from countersign.config.schema import Keys, Schema


@dataclass(frozen=True, slots=True)
class Written:
    """A value as it was understood, where it was written and, if so, the reference that led to it."""

    value: object
    source: str
    reference: str = ""


@dataclass(slots=True)
class Layer:
    """The settings of one source; later layers win over earlier ones, setting by setting."""

    settings: dict[Keys, Written] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def refuse(self, source: str, keys: Keys, problem: str) -> None:
        self.mistakes.append(Mistake(source, ".".join(keys), problem))


def unknown_key(keys: Keys, schema: Schema) -> str:
    """The problem of a setting that does not exist."""
    meant = schema.suggestion(keys)
    return f"unknown setting; did you mean {meant}?" if meant else "unknown setting"
