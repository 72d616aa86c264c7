"""Gives the commands of timers: one that is too early by the clock that decides is given again in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from countersign.aggregates.due import NotDueYet
from countersign.workers.course import NotYet
from countersign.workers.effect import Effect
from countersign.workers.issuer import Issuer


class Punctual:
    """A clock that is set back between the claim of a timer and its command makes it wait, not fail."""

    def __init__(self, issuer: Issuer, clock: Callable[[], datetime]) -> None:
        self._issuer = issuer
        self._clock = clock

    def issue(self, command: Any, effect: Effect) -> None:
        """Give the command.

        Raises:
            NotYet: it is too early.
        """
        try:
            self._issuer.issue(command, effect)
        except NotDueYet as early:
            raise NotYet(self._clock() + timedelta(seconds=early.retry_after_s or 1)) from early
