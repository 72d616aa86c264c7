"""Where each reaction stands while it is run, and where its checkpoint stands."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy.engine import Connection

from countersign.eventstore.mapper import Happened
from countersign.workers import reaction_checkpoints
from countersign.workers.effect import Cause, Wanted
from countersign.workers.reactions.reaction import Reaction

logger = logging.getLogger(__name__)

Wish = tuple[Wanted, Cause]


class Following:
    """The reactions under one lease. One that fails stops where it is; the others go on."""

    def __init__(self, reactions: Iterable[Reaction], stored: Mapping[str, int]) -> None:
        self._reactions = tuple(reactions)
        self._stored = dict(stored)
        self._reached = dict(stored)
        self._errors: dict[str, str] = {}
        self._unsaved = False

    def position(self) -> int | None:
        """The position behind which to read on; None when every reaction has stopped."""
        going = (self._reached[each.name] for each in self._reactions if each.name not in self._errors)
        return min(going, default=None)

    def take(self, page: Sequence[Happened]) -> list[Wish]:
        """What the reactions want because of these events."""
        return [wish for reaction in self._reactions for wish in self._wishes(reaction, page)]

    def stop_all(self, position: int, why: str) -> None:
        """An event that nobody can read stops every reaction in front of it."""
        for reaction in self._reactions:
            if self._reached[reaction.name] < position:
                self._stop(reaction, position, why)

    @property
    def unsaved(self) -> bool:
        """Whether a checkpoint is behind what was taken."""
        return self._unsaved

    def save(self, connection: Connection) -> None:
        """Move the checkpoints, in the transaction of the effects.

        Raises:
            Deposed: another runner has moved one.
        """
        moves: dict[tuple[int, int], list[str]] = {}
        for name, reached in self._reached.items():
            moves.setdefault((self._stored[name], reached), []).append(name)
        for (before, after), names in moves.items():
            if before != after:
                reaction_checkpoints.move(connection, names, before, after)
        for name, error in self._errors.items():
            reaction_checkpoints.stop(connection, name, error)

    def saved(self) -> None:
        """The transaction was committed."""
        self._stored = dict(self._reached)
        self._unsaved = False

    def _wishes(self, reaction: Reaction, page: Sequence[Happened]) -> Iterator[Wish]:
        for happened in page:
            if reaction.name in self._errors or happened.position <= self._reached[reaction.name]:
                continue
            began = time.perf_counter()
            try:
                wanted = reaction.react(happened)
            except Exception as bug:  # loud, and held until the program is mended; nothing is passed over
                logger.exception("reaction failed", extra=_place(reaction, happened))
                self._stop(reaction, happened.position, f"{type(bug).__name__}: {bug}")
                return
            self._reached[reaction.name] = happened.position
            self._unsaved = True
            if wanted:
                duration_ms = round((time.perf_counter() - began) * 1000, 3)
                told = {"effects": len(wanted), "duration_ms": duration_ms}
                logger.info("reaction", extra=_place(reaction, happened) | told)
            cause = cause_of(reaction, happened)
            yield from ((wish, cause) for wish in wanted)

    def _stop(self, reaction: Reaction, position: int, why: str) -> None:
        self._errors[reaction.name] = f"at position {position}: {why}"
        self._unsaved = True
        logger.error(
            "reaction stopped", extra={"reaction": reaction.name, "position": position, "reason": why}
        )


def cause_of(reaction: Reaction, happened: Happened) -> Cause:
    """What an effect that this reaction wants because of this event follows from."""
    return Cause(
        reaction=reaction.name,
        event_id=happened.event_id,
        position=happened.position,
        correlation=happened.metadata.correlation,
        recorded_at=happened.recorded_at,
        trace=happened.metadata.trace,
    )


def _place(reaction: Reaction, happened: Happened) -> dict[str, object]:
    return {
        "reaction": reaction.name,
        "topic": happened.topic,
        "cause": str(happened.event_id),
        "position": happened.position,
        "correlation_id": happened.metadata.correlation,
    }
