"""The words by which texts are found, and those that somebody looks for.

A word is a run of letters and digits. What is written together, such as `AI_1_3_07`, `10.20.0.7` or
`SAT-2026-014`, counts as a whole and from each of its parts on, whatever joins the parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from unicodedata import combining, normalize

MOST_TERMS: Final = 8
"""So many words of what is looked for count; more would only cost time."""

JOINERS: Final = r"[-_./:+#@&\\]+"
_PART: Final = r"[^\W_]+"
_TAG: Final = re.compile(f"{_PART}(?:{JOINERS}{_PART})*")
_JOINED: Final = re.compile(JOINERS)
_MOST_PARTS: Final = 8
_LONGEST: Final = 100
_UNSPACED: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0eff]")
_LONGEST_UNSPACED: Final = 12
_SHORTEST_WITHIN: Final = 3

# Letters that people leave the stroke out of; Unicode does not take them apart.
_STROKES: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "\u0131": "i", "æ": "ae", "œ": "oe"})


@dataclass(frozen=True, slots=True)
class Term:
    """A word that is looked for: at the beginning of a word, or anywhere `within` one.

    What is written together is looked for from the beginning of a part on; in a number or title, anywhere.
    One that is `vague` is too short to be looked for among others; where there are others it only ranks.
    """

    word: str
    within: bool = False
    vague: bool = False

    @property
    def parts(self) -> tuple[str, ...]:
        """Between the parts may stand whatever joins them."""
        return tuple(self.word.split("-"))

    @property
    def joined(self) -> bool:
        """Whether it is of several parts."""
        return "-" in self.word


def folded(text: str) -> str:
    """A text without differences of case and accent."""
    if text.isascii():
        return text.lower()
    bare = normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in bare if not combining(letter))
    return normalize("NFC", bare.casefold().translate(_STROKES))


def words_of(text: str) -> str:
    """The words of a text, each once, in order and between spaces."""
    found: set[str] = set()
    for tag in set(_TAG.findall(folded(text))):
        if len(tag) > _LONGEST:
            found.update(_taken_apart(tag))
        elif tag.isascii() and tag.isalnum():
            found.add(tag)
        else:
            found.update(_words_of_tag(tag))
    return f" {' '.join(sorted(found))} " if found else ""


def terms_of(sought: str) -> tuple[Term, ...]:
    """What a text asks for, in its order; nothing where there is neither letter nor digit in it."""
    terms: dict[str, Term] = {}
    for tag in _TAG.findall(folded(sought)):
        term = _term(_run(_JOINED.split(tag)))
        terms.setdefault(term.word, term)
    return tuple(terms.values())[:MOST_TERMS]


@lru_cache(maxsize=65_536)  # tags such as AI_1_0_3 stand in many reports
def _words_of_tag(tag: str) -> tuple[str, ...]:
    return tuple(_taken_apart(tag))


def _taken_apart(tag: str) -> Iterator[str]:
    parts = _JOINED.split(tag)
    for start, part in enumerate(parts):
        yield _run(parts[start:])
        if not part.isascii() and _UNSPACED.search(part):
            yield from (part[at : at + _LONGEST_UNSPACED] for at in range(len(part)))


def _run(parts: list[str]) -> str:
    return "-".join(parts[:_MOST_PARTS])[:_LONGEST].rstrip("-")


def _term(word: str) -> Term:
    if not word.isascii() and _UNSPACED.search(word):
        return Term(word.partition("-")[0][:_LONGEST_UNSPACED])
    within = "-" not in word and len(word) >= _SHORTEST_WITHIN
    return Term(word, within, vague=len(word) == 1)
