"""Decodes a page of the log; what cannot be decoded keeps its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.root import event_id
from countersign.eventstore.log import Recorded
from countersign.eventstore.mapper import Happened
from countersign.eventstore.topics import UnknownTopic
from countersign.projections.following.trouble import Trouble, pause, trouble_of
from countersign.projections.letters.complaint import Complaint, unreadable

Decode = Callable[[Recorded], Happened]


class Unreadable(Exception):
    """An event cannot be decoded, and nobody goes on without it."""

    def __init__(self, position: int, why: str) -> None:
        super().__init__(why)
        self.position = position


@dataclass(frozen=True, slots=True)
class Undecoded:
    """An event that nobody can read, of which only the columns are known.

    `strange`: not even its topic is known, so nobody can say whom it concerns.
    """

    position: int
    stream: UUID
    version: int
    topic: str
    complaint: Complaint
    strange: bool

    @property
    def event_id(self) -> UUID:
        """As it would be, could it be read."""
        return event_id(self.stream, self.version)


Item = Happened | Undecoded
"""One place of the log."""


def items(page: Sequence[Recorded], decode: Decode) -> list[Item]:
    """Every event of a page, those that cannot be decoded among them.

    Raises:
        Unreadable: what is needed to decode is not as it should be.
        any of OUTAGES: it is away.
    """
    return [_item(recorded, decode) for recorded in page]


def _item(recorded: Recorded, decode: Decode) -> Item:
    try:
        return decode(recorded)
    except Exception as error:
        trouble = trouble_of(error)
        if trouble is Trouble.OUTAGE:
            raise pause(error) from error.__cause__
        told = unreadable(error)
        if trouble is Trouble.STRUCTURE:
            raise Unreadable(recorded.position, str(told)) from error
        at = recorded.position, recorded.stream, recorded.version, recorded.topic
        return Undecoded(*at, told, strange=isinstance(error, UnknownTopic))
