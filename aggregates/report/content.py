"""What a section holds: its canonical form and digest, where it is kept, and what changed in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import Any, Final, Self

from countersign.aggregates.canonical_json import canonical_json

INLINE_BYTES: Final = 64 * 1024
"""Contents above this size are kept as blobs and only named in the event."""

MOST_PATHS: Final = 200


@dataclass(frozen=True, slots=True)
class Content:
    """A section's content that was found to be what its type allows; `encoded` is its canonical form."""

    value: Any
    encoded: bytes
    digest: str

    @classmethod
    def of(cls, value: Any) -> Self:
        """Content that has been checked already."""
        encoded = canonical_json(value)
        return cls(value, encoded, sha256(encoded).hexdigest())

    @property
    def row_count(self) -> int:
        """How many rows it has; a text has none."""
        return len(self.value) if isinstance(self.value, list) else 0

    @property
    def inline(self) -> Any | None:
        """What goes into the event: the content, unless it is large."""
        return None if self.ref else self.value

    @property
    def ref(self) -> str | None:
        """The blob to write before the event, when the content is large."""
        return self.digest if len(self.encoded) > INLINE_BYTES else None


@dataclass(frozen=True, slots=True)
class SectionState:
    """A section as last saved, and the cells that test results have changed since, by row id."""

    digest: str
    row_count: int
    content: Any | None
    content_ref: str | None
    results: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def resolve(state: SectionState, blob: bytes | None = None) -> Any:
    """The whole content of a section; `blob` is what its `content_ref` names, and only then given."""
    if (blob is None) is not (state.content_ref is None):
        raise ValueError(f"the blob {state.content_ref} goes with this section, or none")
    saved: Any = state.content if blob is None else json.loads(blob)
    if not state.results:
        return saved
    results = state.results
    return [with_cells(row, results[row["id"]]) if row["id"] in results else row for row in saved]


def with_cells(row: Mapping[str, str], cells: Mapping[str, str]) -> dict[str, str]:
    """The row with those of the cells that it has columns for."""
    return {column: cells.get(column, value) for column, value in row.items()}


def changed_paths(before: Any, after: Any) -> tuple[str, ...]:
    """Where two contents of a section differ, as `/column` or `/row id/column`; the first 200 places."""
    return tuple(islice(_differences(_by_id(before), _by_id(after)), MOST_PATHS))


def _by_id(content: Any) -> Mapping[str, Any]:
    return {row["id"]: row for row in content} if isinstance(content, list) else content


def _differences(before: Mapping[str, Any], after: Mapping[str, Any], under: str = "") -> Iterator[str]:
    for key in [*before, *(key for key in after if key not in before)]:
        old, new = before.get(key), after.get(key)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from _differences(old, new, f"{under}/{key}")
        elif old != new:
            yield f"{under}/{key}"
