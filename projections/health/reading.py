"""What a probe has found: one look at something that the service leans on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Condition(StrEnum):
    """`degraded` works worse than it should or will not work for long; `absent` is not configured."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"
    ABSENT = "absent"

    @property
    def is_well(self) -> bool:
        """Whether nobody has to see to it."""
        return self in (Condition.OK, Condition.ABSENT)


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence for people, figures for trends, and what to do where something is to be done."""

    condition: Condition
    says: str
    figures: Mapping[str, float] = field(default_factory=dict)
    remedy: str = ""


Probe = Callable[[], Reading]
"""Looks once; what it raises is a failed reading."""


def well(says: str, **figures: float) -> Reading:
    """A reading that nobody has to see to."""
    return Reading(Condition.OK, says, figures)


def absent(says: str = "not configured") -> Reading:
    """A reading of what this installation does without."""
    return Reading(Condition.ABSENT, says)


def worse(says: str, remedy: str, **figures: float) -> Reading:
    """A reading of what still works, but not as it should or not for long."""
    return Reading(Condition.DEGRADED, says, figures, remedy)


def failed(says: str, remedy: str, **figures: float) -> Reading:
    """A reading of what does not work."""
    return Reading(Condition.FAILED, says, figures, remedy)
