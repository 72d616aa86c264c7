"""Who acted, by name, as the log knows it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.eventstore.context import ANONYMOUS, SYSTEM
from countersign.eventstore.log import Log, Recorded
from countersign.eventstore.mapper import Happened


class Names:
    """Names of people by their account; an erased one reads `(erased)`."""

    def __init__(self, log: Log, decode: Callable[[Recorded], Happened]) -> None:
        self._log = log
        self._decode = decode
        self._known = {SYSTEM: "system", ANONYMOUS: "somebody not signed in"}

    def of(self, person: UUID) -> str:
        """The name, or the id of somebody without an account."""
        if person not in self._known:
            self._known[person] = self._registered(person) or str(person)
        return self._known[person]

    def _registered(self, person: UUID) -> str | None:
        for recorded in self._log.stream(person, 0, 1):
            event = self._decode(recorded).event
            if isinstance(event, Account.Created):
                return str(event.name)
        return None
