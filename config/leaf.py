"""One setting: the type and the bounds that its value must keep."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

from countersign.config.bounds import Between, Matching
from countersign.config.marks import Mark
from countersign.config.references import Misspelt, reference_in
from countersign.config.secret import Secret

_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})
_WORDS = {int: "a whole number", float: "a number", bool: "true or false", Path: "a path", str: "text"}


class Unfit(ValueError):
    """The value is not what the setting expects; the message says what is."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A setting that holds one value or, if `many`, a list of them.

    `referable`: the value may be kept elsewhere. `reloadable`: it may change while the service runs.
    """

    kind: type
    bound: Between | Matching | None = None
    choices: tuple[str, ...] = ()
    many: bool = False
    referable: bool = False
    reloadable: bool = False

    def read(self, value: object) -> object:
        """The value, or the reference to it, of a YAML file or a caller, which has a type already.

        Raises `Unfit`.
        """
        try:
            reference = reference_in(value) if self.referable and isinstance(value, str) else None
        except Misspelt as wrong:
            raise Unfit(str(wrong)) from None
        return reference or self.settle(value)

    def settle(self, value: object) -> object:
        """The value itself, whatever it looks like. Raises `Unfit`."""
        if not self.many:
            return self._one(value)
        if not isinstance(value, list | tuple) or len(set(map(str, value))) != len(value):
            raise Unfit(self._expected(value))
        return tuple(self._one(item) for item in value)

    def parse(self, text: str) -> object:
        """The value of a variable, which is always text. Raises `Unfit`."""
        if self.referable:
            return self.read(text)
        if self.many:
            return self.read([part.strip() for part in text.split(",") if part.strip()])
        try:
            return self.read(_PARSERS.get(self.kind, str)(text))
        except ValueError:
            raise Unfit(self._expected(text)) from None

    def _one(self, value: object) -> object:
        found = _typed(self.kind, value)
        if found is None or (self.choices and found not in self.choices):
            raise Unfit(self._expected(value))
        if self.bound is not None and not self.bound.allows(found):
            raise Unfit(self._expected(value))
        return found

    def _expected(self, value: object) -> str:
        shown = "" if issubclass(self.kind, Secret) else f", not {value!r:.80}"
        return f"{self.wanted()}{shown}"

    def wanted(self) -> str:
        """What the value must be, in words."""
        if self.choices:
            wanted = f"{'a list without repeats of' if self.many else 'one of'} {', '.join(self.choices)}"
        else:
            wanted = " ".join(filter(None, (self._word(), str(self.bound or ""))))
        return f"expected {wanted}"

    def _word(self) -> str:
        if isinstance(self.bound, Matching):
            return ""
        return _WORDS.get(self.kind, "text in quotes")


def leaf_of(annotation: Any) -> Leaf:
    """The leaf that a field's annotation describes."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _annotated(leaf_of(arguments[0]), arguments[1:])
    if origin is Literal:
        return Leaf(str, choices=arguments)
    if origin is tuple:
        return replace(leaf_of(arguments[0]), many=True)
    return Leaf(annotation, referable=issubclass(annotation, Secret))


def _annotated(leaf: Leaf, notes: tuple[object, ...]) -> Leaf:
    bound = next((note for note in notes if isinstance(note, Between | Matching)), leaf.bound)
    return replace(
        leaf,
        bound=bound,
        referable=leaf.referable or Mark.REFERABLE in notes,
        reloadable=leaf.reloadable or Mark.RELOADABLE in notes,
    )


def _typed(kind: type, value: object) -> object | None:
    if kind is float:
        number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        return float(value) if number else None  # type: ignore[arg-type]
    if kind is int:
        return value if isinstance(value, int) and not isinstance(value, bool) else None
    if issubclass(kind, Secret):
        text = value.reveal() if isinstance(value, Secret) else value
        return kind(text) if isinstance(text, str) else None
    if kind is Path:
        return Path(value) if isinstance(value, str | Path) and str(value).strip() else None
    return value if isinstance(value, kind) else None


def _boolean(text: str) -> bool:
    word = text.strip().lower()
    if word in _TRUE | _FALSE:
        return word in _TRUE
    raise ValueError(word)


_PARSERS: dict[type, Callable[[str], object]] = {int: int, float: float, bool: _boolean}
