"""What somebody looks for among the reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

LONGEST_TEXT: Final = 200


class Part(StrEnum):
    """In which part of a report the words stand; its number and title belong to the header."""

    HEADER = "header"
    SECTION = "section"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Reports with all the words of `text`; what is None does not matter.

    `since` and `before` bound the time of the last change.
    """

    text: str
    report_type: str | None = None
    status: str | None = None
    client_name: str | None = None
    project_reference: str | None = None
    owner: UUID | None = None
    since: datetime | None = None
    before: datetime | None = None
    part: Part | None = None
