"""What one owner moves: a segment of the keys in one build of a projection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Table

from countersign.eventstore.mapper import Happened
from countersign.projections.projection import Projection


@dataclass(frozen=True, slots=True)
class Unit:
    """Segment `segment` of `segments`; `placed` has the physical tables of the build."""

    projection: Projection
    build: int
    segment: int
    segments: int
    placed: Mapping[Table, Table] = field(compare=False, repr=False)

    @property
    def role(self) -> str:
        """The elected role of its owner."""
        return role_of(self.projection.name, self.build, self.segment)

    @property
    def place(self) -> tuple[str, int, int]:
        """Its name among the positions."""
        return self.projection.name, self.build, self.segment

    def takes(self, happened: Happened) -> bool:
        """Whether an event belongs to this segment."""
        return self.segments == 1 or self.projection.key(happened).int % self.segments == self.segment

    def of(self, events: Sequence[Happened]) -> Sequence[Happened]:
        """Those of the events that belong to this segment."""
        return events if self.segments == 1 else [event for event in events if self.takes(event)]

    def __str__(self) -> str:
        part = f", segment {self.segment} of {self.segments}" if self.segments > 1 else ""
        return f"{self.projection.name} (build {self.build}{part})"


def role_of(name: str, build: int, segment: int) -> str:
    """The elected role of the owner of a unit."""
    return f"projection:{name}:{build}:{segment}"
