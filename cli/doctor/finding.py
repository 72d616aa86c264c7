"""What a check of the doctor found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """`warning` is something to know about; only `failed` keeps the service from doing its work."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, how it stands, and what to do about it."""

    subject: str
    verdict: Verdict
    says: str
    remedy: str = ""


Check = Callable[[], Iterator[Finding]]
"""Looks at one thing. What it raises is a finding too, and never hides the other checks."""


def ok(subject: str, says: str) -> Finding:
    """All is well."""
    return Finding(subject, Verdict.OK, says)


def warning(subject: str, says: str, remedy: str) -> Finding:
    """Something to know about."""
    return Finding(subject, Verdict.WARNING, says, remedy)


def failed(subject: str, says: str, remedy: str) -> Finding:
    """Something to mend."""
    return Finding(subject, Verdict.FAILED, says, remedy)
