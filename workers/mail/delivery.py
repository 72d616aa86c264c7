"""What is certain after a letter was handed to a mail server."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server said; code 0 when it said nothing."""

    code: int
    text: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server took the letter."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Deferred:
    """The letter is certainly not with the server; later it may take it."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Away:
    """The server is not to be reached, or not ready: a matter of the server, and not of this letter."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Refused:
    """The server refuses this letter for good."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Unwelcome:
    """The server refuses us, whatever the letter: its settings or ours are to be mended, and mails wait."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Unknown:
    """The letter was on its way when the connection ended: the server may have it."""

    why: str


Outcome = Accepted | Deferred | Away | Refused | Unwelcome | Unknown
