"""Numbers on the command line that can be meant: argparse says what they have to be."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Final

_MOST_ROWS: Final = 10_000


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """A type for argparse."""

    def parse(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(f"expected a whole number from {least} to {most}, not {text!r}")
        return number

    return parse


def seconds(least: float, most: float) -> Callable[[str], float]:
    """A type for argparse."""

    def parse(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(f"expected seconds from {least:g} to {most:g}, not {text!r}")
        return number

    return parse


row_count = whole_number(1, _MOST_ROWS)
"""For `--limit`."""
