"""What the database has yet to be told of one table."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Table

from countersign.projections.folding.row import Key, Row


@dataclass(frozen=True, slots=True)
class Changes:
    """Keys of rows that are gone; complete rows in the place of others; complete rows that are new."""

    table: Table
    gone: list[Key] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    new: list[Row] = field(default_factory=list)
