"""The kinds of values that forms are made of, each with its bounds."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictInt, StringConstraints

Line = Annotated[str, StringConstraints(max_length=200)]
Text = Annotated[str, StringConstraints(max_length=2000)]
Key = Annotated[str, StringConstraints(min_length=1, max_length=64)]
EmailAddress = Annotated[
    str, StringConstraints(min_length=3, max_length=254), Field(examples=["eleni@example.com"])
]
Password = Annotated[
    str, StringConstraints(min_length=1, max_length=1024), Field(json_schema_extra={"format": "password"})
]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Stage = Annotated[StrictInt, Field(ge=1, le=99)]
