"""Lengths of time, for people."""

from __future__ import annotations


def span_of(seconds: float) -> str:
    """A time as people say it."""
    if seconds < 1:
        return "a second"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{count} {unit}" for count, unit in ((hours, "h"), (minutes, "min"), (rest, "s")) if count]
    return " ".join(parts[:2])
