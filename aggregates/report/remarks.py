"""What reviewers write: reasons, comments, and items to mend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from countersign.aggregates.report.cells import flaw_of_text
from countersign.aggregates.report.refusals import InvalidField, ReasonRequired

SHORTEST_REASON: Final = 10
LONGEST_REMARK: Final = 2000
MOST_ITEMS: Final = 200


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to mend: in a section, perhaps in one row of it."""

    section: str
    row: str | None
    text: str


def require_text(text: str, field: str) -> None:
    """Refuse what no document can print.

    Raises:
        InvalidField: pointing at the field.
    """
    if flaw := flaw_of_text(text, LONGEST_REMARK):
        raise InvalidField(f"The {field} {flaw}.", ((f"/{field}", flaw),))


def require_line(text: str, field: str) -> None:
    """Refuse a name that says nothing, or more than a line.

    Raises:
        InvalidField: pointing at the field.
    """
    flaw = flaw_of_text(text, 200, one_line=True) or (None if text.strip() else "needed")
    if flaw:
        raise InvalidField(f"The {field} {flaw}.", ((f"/{field}", flaw),))


def require_reason(reason: str) -> None:
    """Refuse a step back whose reason says nothing.

    Raises:
        ReasonRequired: under 10 characters.
        InvalidField: no document can print it.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        wanted = f"needs {SHORTEST_REASON} characters at least"
        raise ReasonRequired(f"The reason {wanted}.", (("/reason", wanted),))
    require_text(reason, "reason")


def require_items(items: Sequence[Item]) -> None:
    """Refuse items that say nothing.

    Raises:
        InvalidField: with a pointer to each.
    """
    if flaws := tuple(_flaws(items)):
        raise InvalidField("The items cannot be passed on like this.", flaws)


def _flaws(items: Sequence[Item]) -> Iterator[tuple[str, str]]:
    if len(items) > MOST_ITEMS:
        yield "/items", f"more than {MOST_ITEMS}"
    for index, item in enumerate(items):
        places = (("section", item.section), ("row", item.row or ""))
        for field, value in places:
            if flaw := flaw_of_text(value, 64, one_line=True):
                yield f"/items/{index}/{field}", flaw
        if flaw := flaw_of_text(item.text, LONGEST_REMARK):
            yield f"/items/{index}/text", flaw
        elif not item.text.strip():
            yield f"/items/{index}/text", "must say what to mend"
