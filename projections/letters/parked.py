"""The keys of a unit that are parked: what follows on one of them has to wait."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from countersign.projections.letters.dead_letters import Letter


class Parked:
    """What its owner remembers of a unit's letters.

    `ahead` is what another one remembers, to which this one adds what is not committed yet.
    """

    def __init__(self, letters: Iterable[Letter] = (), ahead: Parked | None = None) -> None:
        self._ahead = ahead
        self._keys: set[UUID] = set()
        self._touched: set[UUID] = set()
        self.letters = 0
        for letter in letters:
            self.add(letter)

    def __bool__(self) -> bool:
        return bool(self._touched) or bool(self._ahead)

    def add(self, letter: Letter) -> None:
        """Remember one more."""
        self._keys.add(letter.key)
        self._touched |= letter.touched
        self.letters += 1

    def holds(self, touched: frozenset[UUID]) -> bool:
        """Whether one of these keys is parked."""
        return not self._touched.isdisjoint(touched) or (
            self._ahead is not None and self._ahead.holds(touched)
        )

    def keys(self) -> int:
        """How many keys are parked."""
        return len(self._all_keys())

    def _all_keys(self) -> set[UUID]:
        return self._keys | self._ahead._all_keys() if self._ahead else self._keys  # noqa: SLF001 - its own kind

    def draft(self) -> Parked:
        """One that goes on from this one and leaves it as it is."""
        return Parked(ahead=self)

    def commit(self, draft: Parked) -> None:
        """Remember what a draft has added."""
        self._keys |= draft._keys
        self._touched |= draft._touched
        self.letters += draft.letters
