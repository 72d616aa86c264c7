"""How workers give commands."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from countersign.eventstore.context import SYSTEM, Context
from countersign.eventstore.log import LogUnavailable
from countersign.eventstore.receipt import Receipt
from countersign.workers.effect import Effect
from countersign.workers.issuer import Issuer

EFFECT = Effect(
    id=UUID(int=1),
    queue="mail",
    kind="deliver_email",
    reaction="deliver_email",
    cause=UUID(int=2),
    position=3,
    correlation="trail",
    payload={},
    holder="worker",
    fence=1,
    attempts=0,
    crashes=0,
)


class Counter:
    """Takes commands, after having been away for a while; its clock moves when somebody sleeps."""

    def __init__(self, away: int = 0) -> None:
        self.away = away
        self.given: list[Context] = []
        self.at = 0.0

    def dispatch(self, command: Any, context: Context) -> Receipt:
        if self.away:
            self.away -= 1
            raise LogUnavailable("locked", retry_after_s=3.0)
        self.given.append(context)
        return Receipt(position=1, streams=())

    def sleep(self, seconds: float) -> None:
        self.at += seconds

    def issuer(self) -> Issuer:
        return Issuer(self, monotonic=lambda: self.at, sleep=self.sleep)


def test_a_command_of_an_effect_has_its_id_for_a_key_and_carries_the_trail_on() -> None:
    counter = Counter()

    counter.issuer().issue("command", EFFECT)

    (context,) = counter.given
    assert (context.actor, context.command_key) == (SYSTEM, str(EFFECT.id))
    assert (context.correlation, context.causation) == ("trail", EFFECT.cause)


def test_each_of_several_commands_has_a_key_of_its_own() -> None:
    counter = Counter()

    counter.issuer().issue("first", EFFECT, step="a")
    counter.issuer().issue("second", EFFECT, step="b")

    assert [context.command_key for context in counter.given] == [f"{EFFECT.id}/a", f"{EFFECT.id}/b"]


def test_what_has_happened_is_told_as_soon_as_the_log_is_back() -> None:
    counter = Counter(away=6)

    counter.issuer().insist("command", EFFECT, step="outcome")

    assert len(counter.given) == 1
    assert counter.at == 18.0


def test_patience_has_an_end() -> None:
    counter = Counter(away=100)

    with pytest.raises(LogUnavailable):
        counter.issuer().insist("command", EFFECT, step="outcome")
    assert counter.at <= 20.0


def test_an_outage_is_not_waited_for_before_anything_has_happened() -> None:
    counter = Counter(away=1)

    with pytest.raises(LogUnavailable):
        counter.issuer().issue("command", EFFECT)
    assert counter.at == 0.0
