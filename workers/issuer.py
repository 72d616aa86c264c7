"""How workers give commands: in the system's name, under a key that a repeat has again."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

from countersign.eventstore.context import SYSTEM, Context
from countersign.eventstore.log import LogUnavailable
from countersign.eventstore.receipt import Receipt
from countersign.workers.effect import Effect

PATIENCE_S = 20.0


class Dispatch(Protocol):
    """Where commands go."""

    def dispatch(self, command: Any, context: Context) -> Receipt: ...


class Issuer:
    """Gives the commands that an effect leads to."""

    def __init__(
        self,
        dispatcher: Dispatch,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._dispatcher = dispatcher
        self._monotonic = monotonic
        self._sleep = sleep

    def issue(self, command: Any, effect: Effect, step: str = "") -> Receipt:
        """Give one command; an effect that gives several names each one's `step`."""
        key = f"{effect.id}/{step}" if step else str(effect.id)
        context = Context(
            actor=SYSTEM,
            command_key=key,
            correlation=effect.correlation,
            causation=effect.cause,
            fresh_key=True,  # a repeat is rare, and the append tells it; nothing is looked up for it before
        )
        return self._dispatcher.dispatch(command, context)

    def insist(self, command: Any, effect: Effect, step: str) -> Receipt:
        """Give a command whose being recorded must be certain: while the log is away, wait for it.

        Raises:
            LogUnavailable: it stayed away for 20 seconds.
        """
        until = self._monotonic() + PATIENCE_S
        while True:
            try:
                return self.issue(command, effect, step)
            except LogUnavailable as outage:
                if self._monotonic() + outage.retry_after_s > until:
                    raise
                self._sleep(outage.retry_after_s)
