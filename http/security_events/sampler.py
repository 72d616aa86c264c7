"""Which of many like events are told one by one, and what is told of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

EACH: Final = 3
SINGLES: Final = 20
NETWORKS: Final = 5
CALM_S: Final = 60.0
FLOODED_S: Final = 600.0


@dataclass(frozen=True, slots=True)
class Summary:
    """`count` events of a kind that were not told; `network` is empty for those of many networks."""

    kind: str
    network: str
    count: int
    began_s: float


@dataclass(slots=True)
class _Window:
    began_s: float
    length_s: float
    singles: Counter[str] = field(default_factory=Counter)
    untold: Counter[str] = field(default_factory=Counter)

    @property
    def end_s(self) -> float:
        return self.began_s + self.length_s


class Sampler:
    """Of a kind in a minute: the first three of a network and twenty in all, then at most six summaries.

    After a minute in which twenty were not enough, the next ten minutes are only summed up. What it remembers
    has a bound, whatever comes.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._windows: dict[str, _Window] = {}
        self._flooded_until_s: dict[str, float] = {}
        self._closed: list[Summary] = []

    def take(self, kind: str, network: str, now_s: float) -> bool:
        """Whether this one is told; if not, it is counted."""
        with self._lock:
            window = self._window(kind, now_s)
            calm = window.length_s == CALM_S and window.singles.total() < SINGLES
            if calm and window.singles[network] < EACH:
                window.singles[network] += 1
                return True
            _count(window, network)
            return False

    def lost(self, kind: str, network: str, now_s: float, count: int = 1) -> None:
        """Count what was taken and could not be told."""
        with self._lock:
            _count(self._window(kind, now_s), network, count)

    def due(self, now_s: float, *, closing: bool = False) -> list[Summary]:
        """What is to be told of the windows that have ended, once; when closing, of all."""
        with self._lock:
            for kind, window in tuple(self._windows.items()):
                if closing or now_s >= window.end_s:
                    self._end(kind, window)
            due, self._closed = self._closed, []
            return due

    def _window(self, kind: str, now_s: float) -> _Window:
        window = self._windows.get(kind)
        if window is not None and now_s >= window.end_s:
            self._end(kind, window)
            window = None
        if window is None:
            flooded = now_s < self._flooded_until_s.get(kind, 0)
            window = self._windows[kind] = _Window(now_s, FLOODED_S if flooded else CALM_S)
        return window

    def _end(self, kind: str, window: _Window) -> None:
        del self._windows[kind]
        self._closed += _summaries(kind, window)
        if window.untold.total() >= SINGLES:
            self._flooded_until_s[kind] = window.end_s + CALM_S


def _count(window: _Window, network: str, count: int = 1) -> None:
    known = network in window.untold or len(window.untold) < NETWORKS
    window.untold[network if known else ""] += count


def _summaries(kind: str, window: _Window) -> Iterator[Summary]:
    for network, count in window.untold.items():
        yield Summary(kind, network, count, window.began_s)
