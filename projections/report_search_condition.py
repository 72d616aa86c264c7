"""Which reports have a term, and how much it weighs where it stands."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    case,
    cast,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    type_coerce,
)
from sqlalchemy import table as named
from sqlalchemy.dialects.postgresql import TSQUERY

from countersign.projections.projection import view_of
from countersign.projections.report_search import IN_HEADER, IN_TITLE, texts
from countersign.projections.report_search_index import Offer
from countersign.projections.searched_words import Term

searched: Final = view_of(texts)
IN_HEADINGS: Final = searched.c.place >= literal_column(str(IN_TITLE))
"""A text is the number or the title of a report."""

_BLANK: Final[ColumnElement[str]] = literal_column("' '")
_SHORTEST_TRIGRAM: Final = 3
_WORDS: Final = type_coerce(searched.c.words, Text)  # not of the type that makes words of what is compared
_VECTOR: Final = func.array_to_tsvector(func.string_to_array(func.btrim(_WORDS), _BLANK))


def reports_with(term: Term, offer: Offer, *where: ColumnElement[bool]) -> Select[Any]:
    """The reports that have the term in a text of that kind, each with the weight of its best place."""
    return _weighed(term, IN_HEADINGS if term.vague else None, _quickly(term, offer), *where)


def headings_with(term: Term) -> Select[Any]:
    """The reports that have the term in their number or title, each with the weight of its best place."""
    return _weighed(term, IN_HEADINGS, plainly(term))


def plainly(term: Term) -> ColumnElement[bool]:
    """A text has the term: what the indexes find, without one."""
    return _in_heading_anywhere(term, _has(_sought(term)))


def _weighed(term: Term, *where: ColumnElement[bool] | None) -> Select[Any]:
    whole = and_(searched.c.place >= IN_HEADER, _has(f" {term.word} "))
    weight = 2 * searched.c.place + case((whole, 2), else_=1)
    return (
        select(searched.c.report_id, func.max(weight).label("weight"))
        .where(*(each for each in where if each is not None))
        .group_by(searched.c.report_id)
    )


def _quickly(term: Term, offer: Offer) -> ColumnElement[bool]:
    sought = _sought(term)
    if offer.full_text is not None and len(sought) >= _SHORTEST_TRIGRAM:
        return _in_heading_anywhere(term, _matches(offer.full_text, sought))
    if offer.vectors and not term.within:
        vectors = _VECTOR.op("@@")(cast(literal(f"'{term.word}':*"), TSQUERY))
        return _in_heading_anywhere(term, vectors)
    return plainly(term)


def _in_heading_anywhere(term: Term, begins: ColumnElement[bool]) -> ColumnElement[bool]:
    return or_(begins, and_(IN_HEADINGS, _has(term.word))) if term.joined else begins


def _matches(full_text: str, sought: str) -> ColumnElement[bool]:
    fts = named(full_text, column("rowid"))
    phrase = literal(f'"{sought}"')
    return searched.c.text_id.in_(select(fts.c.rowid).where(column(full_text).op("MATCH")(phrase)))


def _has(sought: str) -> ColumnElement[bool]:
    return _WORDS.contains(sought, autoescape=True)


def _sought(term: Term) -> str:
    return term.word if term.within else f" {term.word}"
