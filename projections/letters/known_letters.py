"""What an owner remembers of the letters of its units, so that a page costs no look-up."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection

from countersign.projections.following.unit import Unit
from countersign.projections.letters.dead_letters import Letter, counts, letters_of
from countersign.projections.letters.draining import planned
from countersign.projections.letters.parked import Parked


class KnownLetters:
    """Only an owner parks and drains, so that what it remembers holds for as long as it owns the unit."""

    def __init__(self) -> None:
        self._parked: dict[Unit, Parked] = {}
        self._due: set[Unit] = set()
        self._new: set[Unit] = set()

    def look(self, connection: Connection, units: Collection[Unit]) -> None:
        """Learn what others have parked in units that are new here, and what operators want."""
        stored = counts(connection, {unit.projection.name for unit in units})
        self._due &= set(units)
        known, self._parked = self._parked, {}
        for unit in units:
            count = stored.get(unit.place)
            if count is None:
                self._due.discard(unit)
            elif count.wanted or unit not in known or known[unit].letters != count.letters:
                if unit not in known:
                    self._new.add(unit)
                self._learn(unit, letters_of(connection, unit.place))
            else:
                self._parked[unit] = known[unit]

    def drained(self, unit: Unit, left: Iterable[Letter]) -> None:
        """Remember what is left of the letters of a unit."""
        self._new.discard(unit)
        self._learn(unit, left)

    def _learn(self, unit: Unit, letters: Iterable[Letter]) -> None:
        found = list(letters)
        self._parked[unit] = Parked(found)
        if planned(found, new_here=self.is_new(unit)):
            self._due.add(unit)
        else:
            self._due.discard(unit)

    def of(self, unit: Unit) -> Parked:
        """What is parked in a unit."""
        return self._parked.get(unit) or Parked()

    def commit(self, unit: Unit, draft: Parked) -> None:
        """Remember what was parked with a page."""
        if draft.letters:
            self._parked.setdefault(unit, Parked()).commit(draft)

    def is_new(self, unit: Unit) -> bool:
        """Whether this process has not tried any letter of the unit yet."""
        return unit in self._new

    def due(self) -> set[Unit]:
        """The units in which there is something to be done about letters."""
        return set(self._due)
