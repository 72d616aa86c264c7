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
    union_all,
)
from sqlalchemy import table as named
from sqlalchemy.dialects.postgresql import TSQUERY

from countersign.projections.projection import view_of
from countersign.projections.search.report_search import IN_HEADER, IN_TITLE, texts
from countersign.projections.search.report_search_index import BEGIN, WITHIN, Offer
from countersign.projections.search.searched_words import Term

searched: Final = view_of(texts)
IN_HEADINGS: Final = searched.c.place >= literal_column(str(IN_TITLE))  # word for word as the index says it
"""A text is the number or the title of a report."""

_BLANK: Final[ColumnElement[str]] = literal_column("' '")
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
    begins = _has(_sought(term))
    return or_(begins, _in_heading(term)) if term.joined else begins


def _weighed(term: Term, *where: ColumnElement[bool] | None) -> Select[Any]:
    whole = and_(searched.c.place >= IN_HEADER, _has(f" {term.word} "))
    weight = 2 * searched.c.place + case((whole, 2), else_=1)
    return (
        select(searched.c.report_id, func.max(weight).label("weight"))
        .where(*(each for each in where if each is not None))
        .group_by(searched.c.report_id)
    )


def _quickly(term: Term, offer: Offer) -> ColumnElement[bool]:
    if offer.full_text is not None:
        found = _matches(offer.full_text, term)
    elif offer.vectors and not term.within:
        found = _begins(term)
    else:
        return plainly(term)
    # Each part has an index of its own, and OR would have all texts read.
    either = union_all(found, select(searched.c.text_id).where(_in_heading(term))) if term.joined else found
    return searched.c.text_id.in_(either)


def _in_heading(term: Term) -> ColumnElement[bool]:
    return and_(IN_HEADINGS, _has(term.word))


def _begins(term: Term) -> Select[Any]:
    begins = _VECTOR.op("@@")(cast(literal(f"'{term.word}':*"), TSQUERY))
    return select(searched.c.text_id).where(begins)


def _matches(full_text: str, term: Term) -> Select[Any]:
    name, sought = (WITHIN, f'"{term.word}"') if term.within else (BEGIN, f'"{term.word}" *')
    fts = named(f"{full_text}{name}", column("rowid"))
    return select(fts.c.rowid).where(column(fts.name).op("MATCH")(literal(sought)))


def _has(sought: str) -> ColumnElement[bool]:
    return _WORDS.contains(sought, autoescape=True)


def _sought(term: Term) -> str:
    return term.word if term.within else f" {term.word}"
