"""Where a revision stands; there is no other vocabulary for it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """The life of a revision (DOMAIN.md section 2)."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    ISSUED = "issued"

    @property
    def spoken(self) -> str:
        """As a sentence says it."""
        return self.value.replace("_", " ")


EDITABLE: Final = frozenset({Status.DRAFT, Status.CHANGES_REQUESTED})
"""Where content may change, and from where a revision may be submitted."""
