"""The lines of a text in which terms were found, cut to size, with the places of what was found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from countersign.projections.search.searched_texts import cells_of, told_lines
from countersign.projections.search.searched_words import JOINERS, Term, folded

_LONGEST: Final = 200
_BEFORE: Final = 60
_BETWEEN_CELLS: Final = " · "
_ELLIPSIS: Final = "…"

Span = tuple[int, int]
"""Where something begins and how long it is, in characters."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Plain text; `highlights` are the places of what was found in it. `line` is the id of a row or field."""

    line: str
    text: str
    highlights: tuple[Span, ...]


def excerpt(text: str, terms: Sequence[Term]) -> Excerpt | None:
    """The line that has most of the terms, around the first of them; None where no line has any."""
    patterns = [_pattern(term) for term in terms]
    best, most = -1, 0
    for number, (_, said) in enumerate(told_lines(folded(text))):
        found = sum(pattern.search(said) is not None for pattern in patterns)
        if found > most:
            best, most = number, found
    if not most:
        return None
    line, said = told_lines(text)[best]
    return _cut(line, _BETWEEN_CELLS.join(cell for cell in cells_of(said) if cell), terms)


def spans(text: str, terms: Sequence[Term]) -> tuple[Span, ...]:
    """Where the terms stand in a text, without overlaps."""
    plain, origins = _folded_with_origins(text)
    taken: list[Span] = []
    found = (match.span() for term in terms for match in _pattern(term).finditer(plain))
    for start, end in sorted((origins[start], origins[end - 1] + 1) for start, end in found):
        if not taken or start >= sum(taken[-1]):
            taken.append((start, end - start))
    return tuple(taken)


def _cut(line: str, said: str, terms: Sequence[Term]) -> Excerpt:
    found = spans(said, terms)
    first = found[0][0] if found else 0
    begin = max(0, min(first - _BEFORE, len(said) - _LONGEST))
    before, after = _ELLIPSIS * (begin > 0), _ELLIPSIS * (begin + _LONGEST < len(said))
    shift = begin - len(before)
    shown = tuple((at - shift, size) for at, size in found if at + size <= begin + _LONGEST)
    return Excerpt(line, f"{before}{said[begin : begin + _LONGEST]}{after}", shown)


def _pattern(term: Term) -> re.Pattern[str]:
    beginning = "" if term.within else r"(?<![^\W_])"
    return re.compile(beginning + JOINERS.join(map(re.escape, term.parts)))


def _folded_with_origins(text: str) -> tuple[str, list[int]]:
    if text.isascii():
        return text.lower(), list(range(len(text)))
    letters = list(_letters(text))
    return "".join(letter for letter, _ in letters), [origin for _, origin in letters]


def _letters(text: str) -> Iterator[tuple[str, int]]:
    for origin, letter in enumerate(text):
        for plain in folded(letter):
            yield plain, origin
