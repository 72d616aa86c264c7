"""The limits that a setting's type carries, and the types that many settings share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from countersign.config.secret import Secret, SecretUrl


@dataclass(frozen=True, slots=True)
class Between:
    """A number from `low` to `high`, both included."""

    low: float
    high: float

    def allows(self, value: object) -> bool:
        return isinstance(value, int | float) and self.low <= value <= self.high

    def __str__(self) -> str:
        return f"from {self.low} to {self.high}"


@dataclass(frozen=True, slots=True)
class Matching:
    """A text of a fixed form, which `form` says in words."""

    pattern: str
    form: str

    def allows(self, value: object) -> bool:
        text = value.reveal() if isinstance(value, Secret) else str(value)
        return re.fullmatch(self.pattern, text) is not None

    def __str__(self) -> str:
        return self.form


Count = Annotated[int, Between(1, 10_000)]
CountOrNone = Annotated[int, Between(0, 10_000)]
Bytes = Annotated[int, Between(1_024, 2**40)]
Milliseconds = Annotated[int, Between(0, 3_600_000)]
Seconds = Annotated[float, Between(0.001, 86_400)]
WholeSeconds = Annotated[int, Between(1, 86_400)]
Port = Annotated[int, Between(0, 65_535)]
Host = Annotated[str, Matching(r"[A-Za-z0-9._:\-]{1,255}", "a host name or an address")]
Name = Annotated[str, Matching(r"[A-Za-z0-9][A-Za-z0-9._:/\-]{0,99}", "a name of letters, digits and ._:/-")]
DatabaseUrl = Annotated[
    SecretUrl, Matching(r"(postgres(ql)?://\S+)?", "postgresql://user:password@host:port/name, or empty")
]
RedisUrl = Annotated[SecretUrl, Matching(r"((rediss?|unix)://\S+)?", "redis://host:port/number, or empty")]
WebAddress = Annotated[str, Matching(r"(https?://[^\s/?#]+[^\s?#]*)?", "an http(s) address, or empty")]
MailAddress = Annotated[str, Matching(r"[^@\s<>]+@[^@\s<>]+", "a mail address")]
