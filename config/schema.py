"""Which settings there are, derived from the types themselves, and which one a misspelling meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from difflib import get_close_matches
from typing import Any, Final, get_type_hints

from countersign.config.leaf import Leaf, leaf_of
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
        if is_dataclass(annotation):
            yield from _walk(annotation, (*prefix, name))  # type: ignore[arg-type]
        else:
            yield (*prefix, name), leaf_of(annotation)
