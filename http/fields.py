"""The kinds of values that forms are made of, each with its bounds."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StringConstraints

_DATE_AND_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]", re.ASCII)


def _written(time: object) -> object:
    # A bare number would be taken for seconds since 1970, which RFC 3339 does not know.
    if isinstance(time, int | float) or (isinstance(time, str) and not _DATE_AND_TIME.match(time)):
        raise ValueError("is a date and a time with its zone, such as 2026-03-18T12:00:00Z")
    return time


def _in_utc(time: datetime) -> datetime:
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise ValueError("lies outside of the calendar") from None


Line = Annotated[str, StringConstraints(max_length=200)]
Text = Annotated[str, StringConstraints(max_length=2000)]
Key = Annotated[str, StringConstraints(min_length=1, max_length=64)]
EmailAddress = Annotated[
    str, StringConstraints(min_length=3, max_length=254), Field(examples=["eleni@example.com"])
]
Password = Annotated[
    str, StringConstraints(min_length=1, max_length=1024), Field(json_schema_extra={"format": "password"})
]
FactorCode = Annotated[
    str, StringConstraints(min_length=6, max_length=40), Field(examples=["287082", "K4QX-7YBD-N2WM-5TZA"])
]
OneTimeCode = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Instant = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_in_utc)]
