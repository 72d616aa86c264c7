"""Figures as a table: rows in JSON, or the same in CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from falcon import Request, Response

from countersign.eventstore.databases import Database
from countersign.http.answers import Answer
from countersign.http.comma_separated import send_csv
from countersign.http.reports.people import People
from countersign.projections.figures.figures_groups import Group

R = TypeVar("R", bound="Figures")


class Figures(Answer):
    """A row of figures. `group` is what they are of (null for all), `person` the name when it is somebody.

    A row is `stale` while any report that might be in it lacks events that could not be taken.
    """

    group: str | None
    person: str | None
    stale: bool


class Heads:
    """What rows of figures begin with: a person has a name, and all together have none."""

    def __init__(self, req: Request, read: Database, groups: Iterable[Group]) -> None:
        self._stale = bool(req.context.stale_keys)
        self._people = People(read, (each for each in groups if isinstance(each, UUID)))

    def __call__(self, group: Group) -> dict[str, Any]:
        """The first columns of a group."""
        person = self._people.person(group).name if isinstance(group, UUID) else None
        return {"group": None if group == "" else str(group), "person": person, "stale": self._stale}


def send_figures(resp: Response, name: str, row: type[R], rows: Sequence[R], *, bom: bool) -> None:
    """Send rows as CSV, in the order in which their model names the columns."""
    columns = tuple(row.model_fields)
    cells: Iterable[Sequence[Any]] = ([getattr(each, column) for column in columns] for each in rows)
    send_csv(resp, f"countersign-{name}.csv", columns, cells, bom=bom)


def share(part: int, whole: int) -> float | None:
    """Of one, to four places; None of nothing."""
    return round(part / whole, 4) if whole else None


def tenths(seconds: float | None) -> float | None:
    """To a tenth of a second."""
    return None if seconds is None else round(seconds, 1)
