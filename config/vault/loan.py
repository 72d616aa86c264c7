"""What Vault lends for a time: a token, or credentials of a database."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Final

RENEWED_AFTER: Final = 0.6
"""The share of its time after which a loan is renewed or replaced, plus up to a tenth by chance."""

NEARLY_OVER: Final = 0.5
"""A renewal that grants less than this share of the first time has met the maximum: time for a new loan."""


@dataclass(frozen=True, slots=True)
class Loan:
    """Its times are seconds of a clock that nobody sets, counted from before Vault was asked.

    Vault's own clock may be wrong: only durations are believed, never the times in its answers.
    """

    since: float
    duration_s: float
    renewable: bool
    first_duration_s: float

    @property
    def ends_at(self) -> float:
        return self.since + self.duration_s

    @property
    def nearly_over(self) -> bool:
        """Whether renewing it has become pointless."""
        return self.duration_s < NEARLY_OVER * self.first_duration_s

    def due_at(self, chance: float) -> float:
        """When to see to it; `chance` (0 to 1) keeps processes from asking all at once."""
        return self.since + self.duration_s * (RENEWED_AFTER + 0.1 * chance)

    def renewed(self, since: float, duration_s: float, *, renewable: bool) -> Loan:
        """The same loan, granted again."""
        return Loan(since, duration_s, renewable, self.first_duration_s)


def new_loan(since: float, duration_s: float, *, renewable: bool) -> Loan:
    """A loan just made; Vault says 0 for one without an end."""
    time_s = duration_s if duration_s > 0 else inf
    return Loan(since, time_s, renewable, time_s)
