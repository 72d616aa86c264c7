"""Finds reports by what they say, the best first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Connection, Select, desc, func, literal, or_, select

from countersign.aggregates.sought import Part, Sought
from countersign.aggregates.type_definition import HEADER
from countersign.eventstore.databases import Database
from countersign.projections.keyset import Keyset, Page
from countersign.projections.projection import view_of
from countersign.projections.reading import having
from countersign.projections.reports.report_register import register
from countersign.projections.search.report_search import BELOW_HEADINGS
from countersign.projections.search.report_search_condition import (
    headings_with,
    plainly,
    reports_with,
    searched,
)
from countersign.projections.search.report_search_index import Offer, offer_of, prefer_indexes
from countersign.projections.search.searched_excerpt import Excerpt, excerpt
from countersign.projections.search.searched_words import Term, terms_of

MOST_COUNTED: Final = 1_000
"""Up to so many reports that were found are counted."""

MOST_SUGGESTED: Final = 10

_register: Final = view_of(register)
_PASSAGES: Final = 3


@dataclass(frozen=True, slots=True)
class _Register:
    report_id: UUID
    document_number: str
    title: str
    report_type: str
    project_reference: str
    client_name: str
    owner: UUID
    revision: str
    status: str
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class FoundReport(_Register):
    """A report that was found; `score` is high where its number or title has the words."""

    score: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Where in a report something was found."""

    section: str
    excerpt: Excerpt


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found, the passages of each report, and how many reports: `MOST_COUNTED` or more."""

    page: Page[FoundReport]
    passages: dict[UUID, list[Passage]]
    total: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A report by its number and title."""

    report_id: UUID
    document_number: str
    title: str


def search(read: Database, sought: Sought, *, cursor: str | None = None, limit: int = 20) -> Found:
    """Reports that have all of the words, by weight and then by their last change.

    Nothing is found where there are no words in the text.

    Raises:
        BadCursor: the cursor was not made by a search.
    """
    terms = terms_of(sought.text)
    if not terms:
        return Found(Page((), None), {}, 0)
    part = _part(sought.part)
    with read.read() as connection:
        prefer_indexes(connection)
        found = _found(terms, offer_of(connection), part, sought)
        page, total = _page(connection, found, cursor, limit)
        passages = _passages(connection, [row.report_id for row in page.rows], terms, part)
        return Found(page, passages, total)


def found_ids(read: Database, sought: Sought) -> tuple[UUID, ...]:
    """Every report that a search finds, the best first, without the passages."""
    terms = terms_of(sought.text)
    if not terms:
        return ()
    with read.read() as connection:
        prefer_indexes(connection)
        found = _found(terms, offer_of(connection), _part(sought.part), sought)
        columns = (found.c.score, found.c.modified_at, found.c.report_id)
        ordered = select(found.c.report_id).order_by(*map(desc, columns))
        return tuple(connection.execute(ordered).scalars())


def suggestions(read: Database, text: str, owner: UUID | None = None) -> tuple[Suggestion, ...]:
    """Reports that have all of the words in number and title, the best first; only those of an owner."""
    terms = terms_of(text)
    if not terms:
        return ()
    wanted = having(_register, Suggestion, owner=owner)
    found, score = _joined(wanted, [headings_with(term) for term in terms], len(terms))
    ordered = found.order_by(score.desc(), _register.c.document_number, _register.c.report_id)
    with read.read() as connection:
        rows = connection.execute(ordered.limit(MOST_SUGGESTED)).mappings()
        return tuple(Suggestion(**row) for row in rows)


def _found(terms: Sequence[Term], offer: Offer, part: Sequence[ColumnElement[bool]], sought: Sought) -> CTE:
    # A single letter is found everywhere: among other words it only lifts the reports that it names.
    by_need = sorted(terms, key=lambda term: term.vague)
    needed = sum(not term.vague for term in terms) or len(terms)
    wanted = having(
        _register,
        _Register,
        report_type=sought.report_type,
        status=sought.status,
        client_name=sought.client_name,
        project_reference=sought.project_reference,
        owner=sought.owner,
    ).where(*_times(sought))
    found, score = _joined(wanted, [reports_with(term, offer, *part) for term in by_need], needed)
    return found.add_columns(score.label("score")).cte("found")


def _joined(
    reports: Select[Any], having_terms: Sequence[Select[Any]], needed: int
) -> tuple[Select[Any], ColumnElement[int]]:
    score: ColumnElement[int] = literal(0)
    for number, with_term in enumerate(having_terms):
        found = with_term.cte(f"term_{number}")
        is_same = found.c.report_id == _register.c.report_id
        reports = reports.join(found, is_same, isouter=number >= needed)
        score = score + func.coalesce(found.c.weight, 0)
    return reports, score


def _page(
    connection: Connection, found: CTE, cursor: str | None, limit: int
) -> tuple[Page[FoundReport], int]:
    order = Keyset("score", (found.c.score, found.c.modified_at, found.c.report_id), descending=True)
    count = select(func.count()).select_from(select(found.c.report_id).limit(MOST_COUNTED).subquery())
    counted = select(found, count.scalar_subquery().label("total"))
    page: Page[dict[str, Any]] = order.page(connection, counted, cursor, limit, dict)
    totals = [row.pop("total") for row in page.rows]
    if not totals and cursor is not None:  # all that was behind the cursor has gone
        totals = [connection.execute(count).scalar_one()]
    return Page(tuple(FoundReport(**row) for row in page.rows), page.next_cursor), max(totals, default=0)


def _times(sought: Sought) -> Iterator[ColumnElement[bool]]:
    if sought.since is not None:
        yield _register.c.modified_at >= sought.since
    if sought.before is not None:
        yield _register.c.modified_at < sought.before


def _part(part: Part | None) -> tuple[ColumnElement[bool], ...]:
    if part is None:
        return ()
    is_header = searched.c.section == HEADER
    return (is_header if part is Part.HEADER else ~is_header,)


def _passages(
    connection: Connection,
    reports: Sequence[UUID],
    terms: Sequence[Term],
    part: Sequence[ColumnElement[bool]],
) -> dict[UUID, list[Passage]]:
    best = func.row_number().over(
        partition_by=searched.c.report_id,
        order_by=(searched.c.place.desc(), searched.c.section, searched.c.number),
    )
    having_any = (
        select(searched.c.report_id, searched.c.section, searched.c.text, best.label("best"))
        .where(searched.c.report_id.in_(reports), BELOW_HEADINGS)
        .where(or_(*map(plainly, terms)), *part)
        .subquery()
    )
    shown = select(having_any).where(having_any.c.best <= _PASSAGES).order_by(having_any.c.best)
    passages: defaultdict[UUID, list[Passage]] = defaultdict(list)
    for row in connection.execute(shown):
        if (cut := excerpt(row.text, terms)) is not None:
            passages[row.report_id].append(Passage(row.section, cut))
    return dict(passages)
