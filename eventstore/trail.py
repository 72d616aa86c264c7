"""What ties log lines and events to the request that set everything off: to tell of, never to decide on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, Protocol


@dataclass(frozen=True, slots=True)
class Trail:
    """The work that a thread does now; `traceparent` is that of W3C Trace Context, empty for none."""

    correlation: str = ""
    request: str = ""
    traceparent: str = ""

    def ids(self) -> Mapping[str, str]:
        """As log lines name them; what is not known is left out."""
        _, trace, span = _parts(self.traceparent)
        named = {
            "request_id": self.request,
            "correlation_id": self.correlation,
            "trace_id": trace,
            "span_id": span,
        }
        return {name: value for name, value in named.items() if value}


class Span(Protocol):
    """One piece of work of a trace, under way."""

    @property
    def traceparent(self) -> str:
        """What its own work goes on from."""

    def end(self, outcome: Mapping[str, str | int], *, failed: bool) -> None:
        """It is over."""


class Tracer(Protocol):
    """Where spans go."""

    def begin(self, name: str, parent: str, told: Mapping[str, str | int]) -> Span:
        """Begin one; `parent` is a traceparent, or empty for the first of a trace."""


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A span that nobody records: the trace of the caller goes on as it came."""

    traceparent: str

    def end(self, outcome: Mapping[str, str | int], *, failed: bool) -> None:
        """Nothing was begun."""


class NoTracer:
    """Records nothing, and loses nothing of what callers have begun."""

    def begin(self, name: str, parent: str, told: Mapping[str, str | int]) -> Span:
        """Pass the parent on."""
        return PassedOn(parent)


_NOWHERE: Final = Trail()
_current: ContextVar[Trail] = ContextVar("trail", default=_NOWHERE)


def current_trail() -> Trail:
    """That of this thread's work."""
    return _current.get()


def set_trail(trail: Trail) -> None:
    """For work without an end of its own; the next work of the thread sets another."""
    _current.set(trail)


def leave_trail() -> None:
    """This thread does nobody's work now."""
    _current.set(_NOWHERE)


@contextmanager
def on_trail(trail: Trail) -> Iterator[None]:
    """What is done within belongs to it."""
    before = _current.set(trail)
    try:
        yield
    finally:
        _current.reset(before)


def _parts(traceparent: str) -> tuple[str, str, str]:
    version, _, rest = traceparent.partition("-")
    trace, _, rest = rest.partition("-")
    return version, trace, rest.partition("-")[0]
