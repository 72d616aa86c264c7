"""Keeps the three databases in shape: statistics, and the room of what was deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from countersign.eventstore.databases import Databases
from countersign.eventstore.upkeep.index_advice import index_advice
from countersign.eventstore.upkeep.optimising import Optimised, optimise
from countersign.workers.course import Course


class DatabaseOptimise:
    """Tidies one table after the other; what the indexes lack is told and left to a person."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases.all()

    def __call__(self, now: datetime, course: Course) -> Mapping[str, str]:
        """Tidy; returns the tables, the bytes that went back to the disk, and how much advice there is."""
        done: list[Optimised] = []
        for number, database in enumerate(self._databases):

            def tell(step: str, percent: float = 100 * number / len(self._databases)) -> None:
                course.go_on()
                course.tell(percent, step)

            done.append(optimise(database, tell))
        return {
            "tables": str(sum(each.tables for each in done)),
            "freed_bytes": str(sum(each.freed_bytes for each in done)),
            "index_advice": str(sum(len(index_advice(database)) for database in self._databases)),
        }
