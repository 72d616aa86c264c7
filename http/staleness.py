"""Marks what is read of a parked key: its rows lack events until an operator has seen to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from falcon import Request, Response

from countersign.http.answers import Answer
from countersign.projections.letters.stale_keys import NOTHING_STALE, StaleKeys

A = TypeVar("A", bound=Answer)


class Item(Answer):
    """What is kept in a read table; `stale` while events are missing in it that could not be taken.

    `HANGS_ON` names what its rows hang on: fields of its own, or else values of the address.
    """

    HANGS_ON: ClassVar[tuple[str, ...]] = ()
    stale: bool = False


def tell_stale_keys(req: Request, resp: Response, found: StaleKeys) -> None:
    """Say how many keys are parked in what this request reads, if any."""
    req.context.stale_keys = found
    if found:
        resp.set_header("Stale-Keys", str(found.keys))


def marked(req: Request, answer: A, address: Mapping[str, Any]) -> A:
    """The answer, in which each stale item says so."""
    found: StaleKeys = getattr(req.context, "stale_keys", NOTHING_STALE)
    if not found:
        return answer
    if isinstance(answer, Item):
        return answer.model_copy(update=_mark(answer, found, address))
    lists = {
        name: [each.model_copy(update=_mark(each, found, address)) for each in items]
        for name in type(answer).model_fields
        if (items := _items(getattr(answer, name)))
    }
    return answer.model_copy(update=lists)


def _items(value: object) -> list[Item]:
    return [each for each in value if isinstance(each, Item)] if isinstance(value, list) else []


def _mark(item: Item, found: StaleKeys, address: Mapping[str, Any]) -> dict[str, bool]:
    keys = [getattr(item, name, None) or address.get(name) for name in item.HANGS_ON]
    return {"stale": True} if found.concern(*keys) else {}
