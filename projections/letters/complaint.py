"""What is said of an event that could not be taken, to operators and in the log: nothing personal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy.exc import DBAPIError

from countersign.aggregates.root import Root
from countersign.eventstore.event_decoder import UnreadableEvent
from countersign.eventstore.mapper import Happened
from countersign.eventstore.metadata import Client
from countersign.eventstore.personal_fields import PersonalStructure, personal_structure
from countersign.projections.following.trouble import Trouble, trouble_of

_LONGEST: Final = 500
_HIDDEN: Final = "(personal)"
_SHORTEST_NAME: Final = 2
_VALUE: Final = re.compile(r': "[^"]*"')  # as PostgreSQL quotes what it could not read


@dataclass(frozen=True, slots=True)
class Complaint:
    """The class of an error, and its first line."""

    error_class: str
    error: str

    def __str__(self) -> str:
        return f"{self.error_class}: {self.error}" if self.error else self.error_class


def complaint(error: Exception, happened: Happened | None = None) -> Complaint:
    """What can be told of an error that the event caused; its personal values are masked."""
    cause: Any = error.orig if isinstance(error, DBAPIError) else error
    # A database adds the row that it refused on further lines.
    line = str(cause).strip().partition("\n")[0]
    if isinstance(error, DBAPIError):
        line = _VALUE.sub("", line)
    if happened is not None:
        try:
            personal = sorted(_personal_values(happened), key=len, reverse=True)
        except Exception as sealed:  # what cannot be opened cannot be masked: then nothing is told
            if trouble_of(sealed) is Trouble.OUTAGE:
                raise
            return Complaint(type(error).__name__, "")
        for value in personal:
            line = re.sub(re.escape(value), _HIDDEN, line, flags=re.IGNORECASE)
    return Complaint(type(error).__name__, line[:_LONGEST])


def unreadable(error: Exception) -> Complaint:
    """What can be told of an event that could not be decoded: of its values nothing but where they stand."""
    cause = error.__cause__ if isinstance(error, UnreadableEvent) and error.__cause__ else error
    told_by_codec = isinstance(cause, msgspec.MsgspecError) and not cause.__cause__
    if told_by_codec or isinstance(error, LookupError):
        return Complaint(type(error).__name__, str(error).partition("\n")[0][:_LONGEST])
    return Complaint(type(error).__name__, f"its {type(cause).__name__} may hold a personal value")


def _personal_values(happened: Happened) -> Iterator[str]:
    yield from _within(happened.event)
    yield from _within(happened.client)


def _within(holder: Root.Event | Client) -> Iterator[str]:
    kind: type = type(holder)
    structure = personal_structure(kind)
    if structure is not None:
        yield from _of(structure, holder)


def _of(structure: PersonalStructure, holder: Any) -> Iterator[str]:
    for field in structure.fields:
        value = getattr(holder, field.name, None)
        if field.within is None:
            if isinstance(value, str) and len(value) >= _SHORTEST_NAME:
                yield value
        elif value is not None:
            for each in value if field.many else (value,):
                yield from _of(field.within, each)
