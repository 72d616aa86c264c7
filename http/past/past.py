"""What a query reads: the tables of now, or a copy of them as they were.

Who may ask is decided as of now: a resource asks the past only for what the caller may see today.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Final, TypeVar
from uuid import UUID

from falcon import Request, Response

from countersign.aggregates.root import Root
from countersign.eventstore.databases import Database
from countersign.eventstore.log import Recorded
from countersign.http.parameters import Paging
from countersign.http.past.moments import AsOf, AsOfPaging, no_such_moment, position_of
from countersign.http.positions import min_position
from countersign.http.problems import Refusal
from countersign.http.services import Services
from countersign.http.staleness import tell_stale_keys
from countersign.http.waiting_room import WaitingRoom
from countersign.projections.keyset import BadCursor

A = TypeVar("A", bound=Root)

_CURSOR: Final = re.compile(r"([0-9]{1,15})\.(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Then:
    """The tables to read; `position` is None for those of now."""

    read: Database
    cursor: str | None = None
    position: int | None = None

    def next_cursor(self, cursor: str | None) -> str | None:
        """The cursor of the next page, which belongs to the same moment."""
        return cursor if cursor is None or self.position is None else f"{self.position}.{cursor}"


class Past:
    """The moments that a request may ask for."""

    def __init__(self, services: Services, room: WaitingRoom) -> None:
        self._services = services
        self._room = room

    @contextmanager
    def tables(
        self,
        req: Request,
        resp: Response,
        query: AsOf | AsOfPaging,
        projection: str,
        *,
        key: UUID | None = None,
        thing: UUID | None = None,
    ) -> Iterator[Then]:
        """The tables of a projection at the moment of the query: the rows of `key`, or all.

        `thing` is the stream of the one thing that is asked for: it must have been there, and its versions
        are moments too.

        Raises:
            Refusal: there is no such moment.
            BadCursor: the cursor belongs to another moment.
            TooMuchToReplay, CopyUnderWay, NotThereYet: its state cannot be had, or not now.
        """
        given = query.cursor if isinstance(query, Paging) else None
        self._services.copies.sweep()
        if query.as_of is None:
            yield Then(self._services.read, given)
            return
        position, cursor = _within(given, self._position(req, query.as_of, thing), query.as_of)
        resp.set_header("As-Of-Position", str(position))
        with self._services.copies.as_of(projection, position, key, self._room.seat) as copy:
            resp.delete_header("Stale-Keys")  # the live tables'
            tell_stale_keys(req, resp, copy.stale())
            yield Then(copy.database, cursor, position)

    def of_report(
        self, req: Request, resp: Response, query: AsOf, projection: str, report: UUID
    ) -> AbstractContextManager[Then]:
        """The tables of a projection at the moment of the query, as far as they are about a report."""
        return self.tables(req, resp, query, projection, key=report, thing=report)

    def aggregate(self, req: Request, resp: Response, query: AsOf, current: A) -> A:
        """An aggregate at the moment of the query.

        Raises:
            Refusal: there is no such moment, or it was not there then.
        """
        if query.as_of is None:
            return current
        services, stream = self._services, current.id
        position = self._position(req, query.as_of, stream)
        version = max(each.version for each in services.log.stream(stream) if each.position <= position)
        found = services.aggregates.find(type(current), stream, version=version)
        if found is None:
            raise no_such_moment(query.as_of)
        resp.set_header("As-Of-Position", str(position))
        return found

    def _position(self, req: Request, as_of: str, thing: UUID | None) -> int:
        log = self._services.log
        position = position_of(as_of, log, self._services.clock(), thing)
        if thing is not None and not _was_there(log.stream(thing, 0, 1), position):
            raise no_such_moment(as_of)
        if (wanted := min_position(req)) > position:
            raise Refusal(
                422,
                "contradicting_positions",
                f"as_of names position {position}, and Min-Position asks for {wanted} or later: "
                "leave one of them out",
                [("/as_of", f"is before position {wanted}")],
            )
        return position


def _was_there(first: list[Recorded], position: int) -> bool:
    return bool(first) and first[0].position <= position


def _within(cursor: str | None, position: int, as_of: str) -> tuple[int, str | None]:
    # Of a time the first page decides the position: more may have been recorded at that time since.
    if cursor is None:
        return position, None
    found = _CURSOR.fullmatch(cursor)
    at = int(found[1]) if found else -1
    if found is None or at > position or (at < position and as_of.startswith("position:")):
        raise BadCursor(
            "The cursor does not come from this list at this moment; begin without one.",
            (("/cursor", "not from this moment"),),
        )
    return at, found[2]
