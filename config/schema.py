"""Which settings there are, derived from the types themselves, and which one a misspelling meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, is_dataclass, replace
from difflib import get_close_matches
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

from countersign.config.leaf import Leaf, leaf_of
from countersign.config.marks import Mark
from countersign.config.settings import NO_SETTINGS, Settings

Keys = tuple[str, ...]
_APART: Final = {(name,) for name in ("environment", *NO_SETTINGS)}


@dataclass(frozen=True, slots=True)
class Schema:
    """The leaves of the settings tree by their keys."""

    leaves: Mapping[Keys, Leaf]

    def is_section(self, keys: Keys) -> bool:
        """Whether settings lie below these keys."""
        return any(len(known) > len(keys) and known[: len(keys)] == keys for known in self.leaves)

    def suggestion(self, keys: Keys) -> str | None:
        """The dotted path that was probably meant."""
        siblings = {known[: len(keys)] for known in self.leaves if known[: len(keys) - 1] == keys[:-1]}
        near = get_close_matches(keys[-1], [sibling[-1] for sibling in siblings], n=1)
        if near:
            return ".".join((*keys[:-1], near[0]))
        far = get_close_matches(".".join(keys), [".".join(known) for known in self.leaves], n=1)
        elsewhere = [".".join(known) for known in self.leaves if known[-1] == keys[-1]]
        return next(iter(elsewhere or far), None)


def schema_of_settings() -> Schema:
    """The schema of what files and variables may say (the environment is named apart)."""
    return Schema(dict(_walk(Settings, ())))


def _walk(section: type, prefix: Keys) -> Iterator[tuple[Keys, Leaf]]:
    hints: dict[str, Any] = get_type_hints(section, include_extras=True)
    for name, annotation in hints.items():
        if (*prefix, name) in _APART:
            continue
        plain, *marks = get_args(annotation) if get_origin(annotation) is Annotated else (annotation,)
        if is_dataclass(plain):
            below = _walk(plain, (*prefix, name))  # type: ignore[arg-type]
            yield from (_marked(keys, leaf, marks) for keys, leaf in below)
        else:
            yield (*prefix, name), leaf_of(annotation)


def _marked(keys: Keys, leaf: Leaf, marks: Sequence[object]) -> tuple[Keys, Leaf]:
    return keys, replace(leaf, reloadable=leaf.reloadable or Mark.RELOADABLE in marks)
