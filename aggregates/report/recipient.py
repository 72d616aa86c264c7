"""Who receives an issued revision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from countersign.aggregates.report.cells import flaw_of_text
from countersign.aggregates.report.refusals import InvalidField
from countersign.aggregates.root import Personal

MOST_RECIPIENTS: Final = 50


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person outside the service; `subject` stands for the address wherever a name may not."""

    subject: UUID
    name: Personal
    email: Personal


def require_recipients(recipients: Sequence[Recipient]) -> None:
    """Refuse an issue that reaches nobody, or somebody twice.

    Raises:
        InvalidField: pointing at what is wrong.
    """
    if flaws := tuple(_flaws(recipients)):
        raise InvalidField("The revision cannot be sent to these recipients.", flaws)


def _flaws(recipients: Sequence[Recipient]) -> Iterator[tuple[str, str]]:
    if not 1 <= len(recipients) <= MOST_RECIPIENTS:
        yield "/recipients", f"needs 1 to {MOST_RECIPIENTS}"
    subjects = [recipient.subject for recipient in recipients]
    for index, recipient in enumerate(recipients):
        if recipient.subject in subjects[:index]:
            yield f"/recipients/{index}/email", "stands twice in the list"
        name = str(recipient.name)
        if flaw := flaw_of_text(name, 200, one_line=True):
            yield f"/recipients/{index}/name", flaw
        elif not name.strip():
            yield f"/recipients/{index}/name", "needed"
