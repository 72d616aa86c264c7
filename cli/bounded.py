"""Numbers on the command line that can be meant: argparse says what they have to be."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Final, TypeVar

_MOST_ROWS: Final = 10_000
_Number = TypeVar("_Number", int, float)


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """A type for argparse."""
    return _bounded(int, least, most, "a whole number")


def seconds(least: float, most: float) -> Callable[[str], float]:
    """A type for argparse."""
    return _bounded(float, least, most, "seconds")


def _bounded(
    parsed: Callable[[str], _Number], least: _Number, most: _Number, what: str
) -> Callable[[str], _Number]:
    def parse(text: str) -> _Number:
        try:
            number = parsed(text)
        except ValueError:
            number = None
        if number is None or not least <= number <= most:
            raise argparse.ArgumentTypeError(
                f"expected {what} from {least:.10g} to {most:.10g}, not {text!r}"
            )
        return number

    return parse


row_count = whole_number(1, _MOST_ROWS)
"""For `--limit`."""
