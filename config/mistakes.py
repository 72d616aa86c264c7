"""What is wrong with a configuration, said all at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One wrong setting: where it was written, which one it is and what was expected."""

    source: str
    path: str
    problem: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.source, self.path, self.problem) if part)


class ConfigurationInvalid(Exception):
    """The configuration cannot be used; `errors` lists every mistake in it."""

    def __init__(self, errors: Iterable[Mistake]) -> None:
        self.errors = tuple(errors)
        super().__init__(
            "\n".join(["the configuration is not valid", *(f"  {error}" for error in self.errors)])
        )
