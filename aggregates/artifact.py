"""A finished file among those that were made of a report."""

from __future__ import annotations

from dataclasses import dataclass

from countersign.aggregates.render_order import Format


@dataclass(frozen=True, slots=True)
class Artifact:
    """A finished file, by the digest under which it is kept."""

    format: Format
    digest: str
    size_bytes: int
