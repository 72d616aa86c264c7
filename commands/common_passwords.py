"""Passwords that are guessed first: from a shipped list, or made by the patterns that people fall back on."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

_LIST: Final = Path(__file__).with_suffix(".txt")
_AROUND: Final = re.compile(r"^[\W\d_]{0,8}?(?P<word>[^\W\d_].*?)[\W\d_]{0,8}$", re.DOTALL)
_LEET: Final = str.maketrans("4@831!0$57", "aabeiiosst")
_KEYS: Final = ("01234567890", "qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm")
_ROWS: Final = (*_KEYS, "abcdefghijklmnopqrstuvwxyz")
_RUNS: Final = (*_ROWS, *(row[::-1] for row in _ROWS))
_SHORTEST_RUN: Final = 3


def is_common(password: str) -> bool:
    """Whether a list or a simple pattern gives it away, in whatever case and spelling."""
    text = normalised(password)
    return _is_listed(text) or _is_repeated(text) or _is_row_of_keys(text)


def normalised(text: str) -> str:
    """One spelling for what is the same to a guesser."""
    return unicodedata.normalize("NFKC", text).casefold()


@cache
def common_words() -> frozenset[str]:
    """The shipped list."""
    lines = _LIST.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def _is_listed(text: str) -> bool:
    joined = "".join(text.split())
    around = _AROUND.fullmatch(joined)
    candidates = [joined, joined.translate(_LEET)]
    if around is not None:
        candidates += [around["word"], around["word"].translate(_LEET)]
    return any(candidate in common_words() for candidate in candidates)


def _is_repeated(text: str) -> bool:
    return text in (text + text)[1:-1]  # a text is found inside its double only if it repeats itself


def _is_row_of_keys(text: str) -> bool:
    """Nothing but runs along the keyboard or the alphabet."""
    length, longest = len(text), 0
    starts = [0]
    for left, right in pairwise(range(length)):
        if not any(text[left] + text[right] in run for run in _RUNS):
            starts.append(right)
    for begin, end in pairwise([*starts, length]):
        longest = max(longest, end - begin)
        if end - begin < _SHORTEST_RUN:
            return False
    return longest >= _SHORTEST_RUN
