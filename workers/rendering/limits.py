"""What one rendering may use."""

from __future__ import annotations

import msgspec

from countersign.workers.rendering.failures import RenderLimitExceeded


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The most one rendering may take; `memory_bytes` counts the whole address space of its process."""

    cpu_s: int = 60
    memory_bytes: int = 1 << 30
    wall_s: float = 120.0
    rows: int = 50_000


def refuse_too_many_rows(context: object, limits: Limits) -> None:
    """Raises:
    RenderLimitExceeded: the lists of the context hold more rows than a rendering may have.
    """
    if (rows := _rows_in(context)) > limits.rows:
        raise RenderLimitExceeded(f"{rows} rows, at most {limits.rows} are rendered into one document")


def _rows_in(value: object) -> int:
    if isinstance(value, list | tuple):
        return len(value) + sum(map(_rows_in, value))
    if isinstance(value, dict):
        return sum(map(_rows_in, value.values()))
    return 0
