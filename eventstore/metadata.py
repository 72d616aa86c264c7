"""Who caused an event, on whose behalf, through which command and client."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from countersign.aggregates.root import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """The machine a command came from; its network address is personal."""

    ip: Personal = ""
    agent: str = ""
    auth_method: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Who caused an event, and through which command: nothing in it is personal.

    `trace` is the traceparent of W3C Trace Context under which it was decided, empty for none.
    """

    actor: UUID
    correlation: str
    command: str
    command_key: str
    session: UUID | None = None
    on_behalf_of: UUID | None = None
    causation: UUID | None = None
    trace: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata(Provenance):
    """What is recorded beside each event, never inside it."""

    SUBJECT: ClassVar[str] = "actor"

    client: Client = field(default_factory=Client)
