"""The one way in: finds a command's handler, runs it once however often the command is sent, and logs it."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar, Final

import msgspec

from countersign.aggregates.root import DomainError
from countersign.commands.handler import Handler
from countersign.eventstore.context import Context
from countersign.eventstore.log import Log
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.recorder import AppendConflict, CommandKeyReused, CommandRepeated
from countersign.eventstore.rehearsal import Rehearsal
from countersign.eventstore.store import EventStore, Store

logger = logging.getLogger(__name__)

_SHORTEST_PAUSE_S: Final = 0.002
_LONGEST_PAUSE_S: Final = 0.1


class IdempotencyKeyReused(DomainError):
    """The key was used before for another command."""

    code: ClassVar[str] = "idempotency_key_reused"
    status: ClassVar[int] = 422


class Contended(DomainError):
    """Others kept changing what this command depends on."""

    code: ClassVar[str] = "contended"
    status: ClassVar[int] = 503


class Dispatcher:
    """Hands commands to their handlers.

    A command key with the same body gets the first receipt again; a handler that lost a race is run again
    from the start, its expectations included, for `patience_s` seconds.
    """

    def __init__(
        self,
        handlers: Mapping[type, Handler],
        shared: EventStore,
        log: Log,
        clock: Callable[[], datetime],
        patience_s: float = 5.0,
    ) -> None:
        self._handlers = handlers
        self._shared = shared
        self._log = log
        self._clock = clock
        self._patience_s = patience_s

    def dispatch(self, command: Any, context: Context) -> Receipt:
        """Decide a command and record what it decided.

        Raises:
            DomainError: a rule was broken; nothing was written.
            LogUnavailable: nothing was written; try again.
        """
        began = time.perf_counter()
        outcome = "failed"
        try:
            receipt = self._decide(command, context)
            outcome = "repeated" if receipt.repeated else "accepted"
            return receipt
        except DomainError as refusal:
            outcome = refusal.code
            raise
        finally:
            _tell(command, context, outcome, began)

    def rehearse(self, command: Any, context: Context) -> Receipt:
        """Decide a command as it would be decided now, and record nothing.

        Raises:
            DomainError: the rule that would be broken.
        """
        store = Rehearsal(self._shared, context, type(command).__name__, b"", self._clock())
        return self._handlers[type(command)](command, store)

    def _decide(self, command: Any, context: Context) -> Receipt:
        digest = self._digest(command)
        if not context.fresh_key and (receipt := self._repeated(context, digest)):
            return receipt
        try:
            return self._race(command, context, digest)
        except DomainError:
            if receipt := self._repeated(context, digest):  # the same command at the same time was first
                return receipt
            raise

    def _race(self, command: Any, context: Context, digest: bytes) -> Receipt:
        handle = self._handlers[type(command)]
        give_up = time.monotonic() + self._patience_s
        pauses = _pauses()
        while True:
            store = Store(self._shared, context, type(command).__name__, digest, self._clock())
            try:
                return handle(command, store)
            except CommandRepeated as first:
                return Receipt.again(first.repeated.position, first.repeated.receipt)
            except CommandKeyReused:
                raise _reused(context) from None
            except AppendConflict:
                if time.monotonic() > give_up:
                    raise Contended("what this depends on kept changing: try again") from None
            time.sleep(next(pauses))

    def _repeated(self, context: Context, digest: bytes) -> Receipt | None:
        first = self._log.receipt(context.actor, context.command_key)
        if first is None:
            return None
        if first.digest != digest:
            raise _reused(context)
        return Receipt.again(first.position, first.receipt)

    def _digest(self, command: Any) -> bytes:
        body = msgspec.json.encode((type(command).__name__, command), order="deterministic")
        return self._shared.private_ids.digest(body)


def _pauses() -> Iterator[float]:
    longest_s = _SHORTEST_PAUSE_S
    while True:
        yield random.uniform(0, longest_s)  # noqa: S311 - spreads the contenders
        longest_s = min(2 * longest_s, _LONGEST_PAUSE_S)


def _reused(context: Context) -> IdempotencyKeyReused:
    return IdempotencyKeyReused(
        f"the idempotency key {context.command_key!r} was used for another command: send a new key"
    )


def _tell(command: Any, context: Context, outcome: str, began: float) -> None:
    logger.info(
        "command",
        extra={
            "command": type(command).__name__,
            "outcome": outcome,
            "actor": str(context.actor),
            "correlation_id": context.correlation,
            "duration_ms": round((time.perf_counter() - began) * 1000, 2),
        },
    )
