"""The kinds of values that forms are made of, each with its bounds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints


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
Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
