"""Where the values of a structure that are sealed stand, and whose they are: as its annotations say."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints

from countersign.aggregates.root import DISPOSABLE, PERSONAL


@dataclass(frozen=True, slots=True)
class PersonalField:
    """A personal value, or a structure (or a sequence of them) that holds some.

    A `whole` one is any value of its stream; without the key it is `blank`.
    """

    name: str
    within: PersonalStructure | None = None
    many: bool = False
    whole: bool = False
    blank: Any = None


@dataclass(frozen=True, slots=True)
class PersonalStructure:
    """The personal fields of a class; `subject` names the field that says whose they are, if it has one."""

    subject: str | None
    fields: tuple[PersonalField, ...]


@cache
def personal_structure(cls: type) -> PersonalStructure | None:
    """What is personal in a dataclass; None when nothing is."""
    hints = get_type_hints(cls, include_extras=True)
    names = [field.name for field in dataclasses.fields(cls)]
    found = tuple(field for name in names if (field := _personal(name, hints[name])) is not None)
    if not found:
        return None
    subject = getattr(cls, "SUBJECT", "subject")
    return PersonalStructure(subject if subject in names else None, found)


def _personal(name: str, hint: Any) -> PersonalField | None:
    if get_origin(hint) is Annotated and DISPOSABLE in hint.__metadata__:
        return PersonalField(name, whole=True, blank=_blank(get_args(hint)[0]))
    if _is_personal(hint):
        return PersonalField(name)
    for inner, many in _structures(hint):
        if (structure := personal_structure(inner)) is not None:
            return PersonalField(name, structure, many)
    return None


def _is_personal(hint: Any) -> bool:
    if get_origin(hint) is Annotated:
        return PERSONAL in hint.__metadata__
    return get_origin(hint) in (Union, UnionType) and any(map(_is_personal, get_args(hint)))


def _structures(hint: Any, *, many: bool = False) -> Iterator[tuple[type, bool]]:
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        yield hint, many
        return
    origin = get_origin(hint)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return
    sequence = isinstance(origin, type) and issubclass(origin, Sequence)
    for argument in get_args(hint):
        yield from _structures(argument, many=many or sequence)


def _blank(hint: Any) -> Any:
    if hint is Any or NoneType in get_args(hint):
        return None
    made = get_origin(hint) or hint
    return next(blank for kind, blank in _BLANKS if issubclass(made, kind))


_BLANKS: Final[Sequence[tuple[type, Any]]] = ((str, ""), (Sequence, []), (Mapping, {}))
