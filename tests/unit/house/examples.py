"""An example of any event, made from its annotations: the same for the same class, today and tomorrow."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID, uuid5

from countersign.aggregates.root import NAMESPACE, PERSONAL, Root

MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
PLAIN: Mapping[Any, Any] = {bool: True, int: 7, float: 1.5, datetime: MOMENT}


def example_of(cls: type[Root.Event]) -> Root.Event:
    """An event of that class, with something in every field."""
    kind = str(cls.TOPIC).partition(".")[0]  # type: ignore[attr-defined]
    first = issubclass(cls, Root.Created)
    fixed: dict[str, Any] = {"originator_id": _id(f"a {kind}"), "originator_version": 1 if first else 2}
    if first:
        fixed["originator_topic"] = kind
    return cls(**{**_fields(cls), **fixed})


def _fields(cls: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(cls, include_extras=True)
    return {field.name: _example(hints[field.name], field.name) for field in dataclasses.fields(cls)}


def _example(hint: Any, name: str) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is Any:
        return {"rows": [{"id": "1", name: "text – Ωμέγα"}], "count": 2}
    if origin is Annotated:
        return f"{name} of a person" if PERSONAL in hint.__metadata__ else _example(arguments[0], name)
    if origin in (Union, UnionType):
        return _example(next(each for each in arguments if each is not NoneType), name)
    if origin is Literal:
        return arguments[0]
    if origin is not None:
        return _many(origin, arguments, name)
    return _one(hint, name)


def _many(origin: Any, arguments: tuple[Any, ...], name: str) -> Any:
    if issubclass(origin, Mapping):
        return {f"a_{name}": _example(arguments[1], name)}
    return tuple(_example(each, name) for each in arguments if each is not Ellipsis)


def _one(hint: Any, name: str) -> Any:
    if hint is UUID:
        return _id(name)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return hint(**_fields(hint))
    return PLAIN.get(hint, f"{name} – Ωμέγα <&>")


def _id(name: str) -> UUID:
    return uuid5(NAMESPACE, f"example {name}")
