"""What an approver says about a revision: an approval with its meaning, or a request for changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from countersign.aggregates.report.refusals import InvalidField
from countersign.aggregates.report.remarks import Item, require_items, require_reason, require_text

_ACCEPTING: Final = ("A", "B")
_RETURNING: Final = ("C", "D")


@dataclass(frozen=True, slots=True)
class Approval:
    """What a signature means, with code A (approved) or B (approved as noted)."""

    meaning: str
    comment: str = ""
    review_code: str = "A"

    def require_sound(self) -> None:
        """Refuse an approval that does not say what it means.

        Raises:
            InvalidField: pointing at what is wrong.
        """
        _require_code(self.review_code, _ACCEPTING)
        require_text(self.comment, "comment")
        require_text(self.meaning, "meaning")
        if not self.meaning.strip():
            raise InvalidField("A signature needs a meaning.", (("/meaning", "needed"),))


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """Why a revision goes back and what to mend, with code C (revise and resubmit) or D (rejected)."""

    reason: str
    items: tuple[Item, ...] = ()
    review_code: str = "C"

    def require_sound(self) -> None:
        """Refuse a request that its reader could not act on.

        Raises:
            ReasonRequired: the reason says nothing.
            InvalidField: pointing at what is wrong.
        """
        _require_code(self.review_code, _RETURNING)
        require_reason(self.reason)
        require_items(self.items)


def _require_code(code: str, allowed: tuple[str, ...]) -> None:
    if code not in allowed:
        wanted = f"must be {' or '.join(allowed)}"
        raise InvalidField(f"The review code {wanted}.", (("/review_code", wanted),))
