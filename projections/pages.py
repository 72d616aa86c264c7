"""Decodes a page of the log, as far as it can be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from countersign.eventstore.log import Recorded
from countersign.eventstore.mapper import Happened
from countersign.projections.outage import tells_of_outage


class Unreadable(Exception):
    """The first event of a page cannot be decoded."""

    def __init__(self, position: int, why: str) -> None:
        super().__init__(why)
        self.position = position


def decoded(page: Sequence[Recorded], decode: Callable[[Recorded], Happened]) -> list[Happened]:
    """The events of a page up to the first that cannot be decoded.

    Raises:
        Unreadable: it is the very first.
    """
    events: list[Happened] = []
    for recorded in page:
        try:
            events.append(decode(recorded))
        except Exception as error:
            if tells_of_outage(error):
                raise
            if events:
                break
            raise Unreadable(recorded.position, f"{type(error).__name__}: {error}") from error
    return events
