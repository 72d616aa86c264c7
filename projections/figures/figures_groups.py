"""Whose figures, of when, and by what they are told apart."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Integer, Join, Select, Table, Text, column, select, values

from countersign.aggregates.root import DomainError
from countersign.projections.columns import Instant
from countersign.projections.figures.figures_period import Slice
from countersign.projections.figures.report_figures import reports
from countersign.projections.projection import view_of

MOST_FIGURES: Final = 5000
"""So many rows of figures are told at once."""

reports_seen: Final = view_of(reports)

Group = str | int | UUID
"""What a group has in common: the id of a person, the number of a stage, else a text; empty for all."""


class TooManyFigures(DomainError):
    """The groups and the parts of the period make more rows than are told at once."""

    code = "too_many_figures"
    status = 422


class By(StrEnum):
    """What figures are told apart by; the person is who owns the report, or who decides on the stage."""

    NONE = "none"
    CLIENT = "client"
    TYPE = "type"
    PROJECT = "project"
    PERSON = "person"


def group_of(by: StrEnum, **own: ColumnElement[Any]) -> ColumnElement[Any]:
    """The column by which figures are told apart: one of the report, or one of their own."""
    of_the_report: Mapping[str, ColumnElement[Any]] = {
        By.CLIENT: reports_seen.c.client_name,
        By.TYPE: reports_seen.c.report_type,
        By.PROJECT: reports_seen.c.project_reference,
    }
    return {**of_the_report, **own}[by]


def sliced(slices: tuple[Slice, ...]) -> CTE:
    """The parts of a period as rows, each with its number and an empty text that all have in common."""
    rows = [(number, one.begin, one.end, "") for number, one in enumerate(slices)]
    columns = (
        column("number", Integer),
        column("begins_at", Instant),
        column("ends_at", Instant),
        column("everything", Text),
    )
    return values(*columns, name="slices").data(rows).cte("slices")


def falling(
    part: Table, moment: ColumnElement[Any], slices: CTE, owner: UUID | None, *columns: ColumnElement[Any]
) -> Select[Any]:
    """Columns of what falls into the parts of a period, of one owner's reports or of all."""
    within = (moment >= slices.c.begins_at) & (moment < slices.c.ends_at)
    return of_owner(owner, select(*columns).select_from(with_report(part).join(slices, within)))


def with_report(part: Table) -> Join:
    """A view, each row with its report."""
    return part.join(reports_seen, reports_seen.c.report_id == part.c.report_id)


def of_owner(owner: UUID | None, query: Select[Any]) -> Select[Any]:
    """Of one owner's reports, or of all."""
    return query if owner is None else query.where(reports_seen.c.owner == owner)


def require_few(rows: int) -> None:
    """Refuse to tell too much at once.

    Raises:
        TooManyFigures: it is more than `MOST_FIGURES` rows.
    """
    if rows > MOST_FIGURES:
        raise TooManyFigures(f"These are more than {MOST_FIGURES} rows: ask for fewer days, or longer parts.")
