"""Which reports a schedule tells of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Final
from uuid import UUID

LONGEST_VALUE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportQuery:
    """What is None does not matter. `text` is a part of the number or the title.

    With `overdue` only reports whose stage is not decided in time.
    """

    status: str | None = None
    report_type: str | None = None
    client_name: str | None = None
    project_reference: str | None = None
    owner: UUID | None = None
    text: str | None = None
    overdue: bool = False

    def faults(self) -> Iterator[tuple[str, str]]:
        """What nothing could be found by."""
        for name, value in asdict(self).items():
            if isinstance(value, str) and not 0 < len(value.strip()) <= len(value) <= LONGEST_VALUE:
                yield f"/query/{name}", f"has 1 to {LONGEST_VALUE} characters, or is left out"
