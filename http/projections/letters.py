"""The events that projections could not take: where they stand in the log, nothing of what they say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from falcon import Request, Response

from countersign.commands.read_model.known import known_read_model
from countersign.eventstore.store import NotFound
from countersign.http.answers import Answer
from countersign.http.endpoints import query
from countersign.http.fields import Key
from countersign.http.parameters import Paging
from countersign.http.services import Services
from countersign.projections.letters.dead_letters_queries import Parked, letter_page, letters_at


class LettersWanted(Paging):
    """Which letters: of one projection, or of all."""

    projection: Key | None = None


class DeadLetterAnswer(Answer):
    """An event in one build of a projection: it `failed`, or is held behind one of the same key that did.

    `wanted` was ordered about it and is not done yet.
    """

    projection: str
    build: int
    position: int
    key: UUID
    stream: UUID
    version: int
    topic: str
    failed: bool
    error_class: str | None
    attempts: int
    parked_at: datetime
    wanted: Literal["", "retry", "discard"]


class DeadLettersAnswer(Answer):
    """A page of letters, in the order of the log."""

    items: list[DeadLetterAnswer]
    next_cursor: str | None


class DeadLetterInBuildsAnswer(Answer):
    """The same event in each build that could not take it."""

    items: list[DeadLetterAnswer]


class DeadLetters:
    """`GET /v1/dead-letters`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Projections", action="ViewProjections", refusals=(404,))
    def on_get(self, _req: Request, _resp: Response, query: LettersWanted) -> DeadLettersAnswer:
        """List the events that could not be taken."""
        if query.projection is not None:
            known_read_model(query.projection, self._services.read_models)
        page = letter_page(self._services.read, name=query.projection, cursor=query.cursor, limit=query.limit)
        return DeadLettersAnswer(items=_answers(page.rows), next_cursor=page.next_cursor)


class OneDeadLetter:
    """`GET /v1/dead-letters/{name}/{position}`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Projections", action="ViewProjections")
    def on_get(self, _req: Request, _resp: Response, name: str, position: int) -> DeadLetterInBuildsAnswer:
        """Show an event that could not be taken."""
        return DeadLetterInBuildsAnswer(items=_answers(letters_there(self._services, name, position)))


def letters_there(services: Services, name: str, position: int) -> Sequence[Parked]:
    """The letter in each build.

    Raises:
        UnknownReadModel, NotFound: there is no such projection or letter.
    """
    known_read_model(name, services.read_models)
    found = letters_at(services.read, name, position)
    if not found:
        raise NotFound(f"the projection {name} has no dead letter at position {position}")
    return found


def _answers(letters: Sequence[Parked]) -> list[DeadLetterAnswer]:
    return [
        DeadLetterAnswer(
            projection=letter.name,
            parked_at=letter.since,
            **{name: getattr(letter, name) for name in _SAME},
        )
        for letter in letters
    ]


_SAME = DeadLetterAnswer.model_fields.keys() - {"projection", "parked_at"}
