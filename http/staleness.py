"""Marks what is read of a parked key: its rows lack events until an operator has seen to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from falcon import Request, Response

from countersign.http.answers import Answer
from countersign.projections.stale_keys import NOTHING_STALE, StaleKeys

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
        return _marked(answer, found, address)
    lists = {
        name: value for name in type(answer).model_fields if isinstance(value := getattr(answer, name), list)
    }
    items = {
        name: [_marked(each, found, address) if isinstance(each, Item) else each for each in value]
        for name, value in lists.items()
    }
    return answer.model_copy(update=items)


def _marked(item: Any, found: StaleKeys, address: Mapping[str, Any]) -> Any:
    keys = [getattr(item, name, None) or address.get(name) for name in item.HANGS_ON]
    return item.model_copy(update={"stale": True}) if found.concern(*keys) else item
