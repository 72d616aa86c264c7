"""Under which terms an API client is let in: its name, its scopes, how often and until when."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from countersign.aggregates.authority.scopes import SCOPES
from countersign.aggregates.root import DomainError

MAX_NAME: Final = 100
MAX_RATE: Final = 1_000_000
_JOINERS: Final = {0x200C: None, 0x200D: None}  # invisible, and part of Persian and Indic names


class InvalidTerms(DomainError):
    """An API client has a name, scopes that there are, a rate and an end that is not far away."""

    code = "invalid_api_client"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an API client may do; `rate_limit` is in requests an hour."""

    name: str
    scopes: tuple[str, ...]
    rate_limit: int
    expires_at: datetime


def agreed_terms(
    at: datetime,
    *,
    name: str,
    scopes: Collection[str],
    rate_limit: int,
    expires_at: datetime,
    longest: timedelta,
) -> Terms:
    """Terms as they are kept: names without needless spaces, scopes sorted, times in UTC.

    Raises:
        InvalidTerms: with a pointer to each fault.
    """
    terms = Terms(
        name=" ".join(name.split()),
        scopes=tuple(sorted(set(scopes))),
        rate_limit=rate_limit,
        expires_at=expires_at.astimezone(UTC),
    )
    if faults := tuple(_faults(terms, at, longest)):
        raise InvalidTerms("these terms cannot be given to an API client", faults)
    return terms


def _faults(terms: Terms, at: datetime, longest: timedelta) -> Iterator[tuple[str, str]]:
    if not 0 < len(terms.name) <= MAX_NAME or not terms.name.translate(_JOINERS).isprintable():
        yield "/name", f"a name has 1 to {MAX_NAME} printable characters"
    if unknown := sorted(set(terms.scopes) - set(SCOPES)):
        yield "/scopes", f"there is no scope {', '.join(unknown)[:200]}"
    if not terms.scopes:
        yield "/scopes", "name at least one scope"
    if not 1 <= terms.rate_limit <= MAX_RATE:
        yield "/rate_limit", f"between 1 and {MAX_RATE} requests an hour"
    if not at < terms.expires_at <= at + longest:
        yield "/expires_at", f"lies in the future, at most {longest.days} days away"
