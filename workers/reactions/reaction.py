"""A reaction: which effects follow from an event. Pure: no clock, no reading, no writing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted

React = Callable[[Happened], Sequence[Wanted]]


@dataclass(frozen=True, slots=True)
class Reaction:
    """`name` is stored with its checkpoint and its effects: never rename one."""

    name: str
    react: React
