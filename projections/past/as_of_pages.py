"""The events of a replay: the whole log up to a position, or only what the rows of one key follow from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection
from typing import Final
from uuid import UUID

from countersign.eventstore.log import Log, Recorded
from countersign.projections.past.as_of import Pages, TooMuchToReplay

_PAGE: Final = 1_000


def whole_log(log: Log, position: int, cap: int) -> Pages:
    """All events up to the position.

    Raises:
        TooMuchToReplay: they are more than `cap`.
    """
    _require(position, cap, "ask for one key, such as one report,")
    return lambda reached: log.read(reached, min(_PAGE, position - reached)) if reached < position else []


def of_streams(log: Log, streams: Collection[UUID], position: int, cap: int) -> Pages:
    """The events of these streams up to the position, in the order of the log.

    Raises:
        TooMuchToReplay: they are more than `cap`.
    """
    events: list[Recorded] = []
    for stream in streams:
        events += [one for one in log.stream(stream, 0, cap + 1) if one.position <= position]
        _require(len(events), cap, "ask for an earlier moment,")
    events.sort(key=_position)

    def behind(reached: int) -> list[Recorded]:
        begin = bisect_right(events, reached, key=_position)
        return events[begin : begin + _PAGE]

    return behind


def _position(event: Recorded) -> int:
    return event.position


def _require(events: int, cap: int, advice: str) -> None:
    if events > cap:
        raise TooMuchToReplay(
            f"The state of that moment follows from {events} events, and {cap} may be replayed: {advice} or "
            "use `countersign projections rows --as-of ... --cap N`."
        )
