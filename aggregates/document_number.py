"""A document's number: taken once, by one report, for ever."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Final, Self
from uuid import UUID

from countersign.aggregates.root import DomainError, Root, derived_id

MAX_LENGTH: Final = 100


class NumberTaken(DomainError):
    """Another report has that number."""

    code = "number_taken"


class InvalidNumber(DomainError):
    """A document number is one line of visible text."""

    code = "invalid_field"
    status = 422


def document_number_id(number: str) -> UUID:
    """The stream of a number, the same however its letters and spaces are written."""
    return derived_id("document_number", " ".join(unicodedata.normalize("NFKC", number).casefold().split()))


def checked_number(number: str) -> str:
    """The number without spaces around it.

    Raises:
        InvalidNumber: blank, too long, or with characters that nobody can see: they would make two numbers of
            what reads as one.
    """
    trimmed = number.strip()
    if not trimmed or len(trimmed) > MAX_LENGTH or not trimmed.isprintable():
        reason = f"needs 1 to {MAX_LENGTH} visible characters on one line"
        raise InvalidNumber(f"A document number {reason}.", (("/document_number", reason),))
    return trimmed


def number_for(report_type: str, at: datetime, report_id: UUID) -> str:
    """The number of a report that came without one, such as SAT-2026-5F0C2A91."""
    return f"{report_type}-{at.year}-{report_id.hex[:8].upper()}"


class DocumentNumber(Root):
    """The reservation of one number: creating it twice conflicts, so a number is never used again."""

    TOPIC = "document_number"
    number: str
    report_id: UUID

    class Created(Root.Created):
        TOPIC = "document_number.reserved"
        number: str
        report_id: UUID

    @classmethod
    def reserve(cls, at: datetime, number: str, report_id: UUID) -> Self:
        """Take a number that is free."""
        return cls._create(
            cls.Created, id=document_number_id(number), timestamp=at, number=number, report_id=report_id
        )
