"""Keeps a few copies for a short while, so that those who ask for the same share one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from uuid import UUID

from countersign.projections.past.as_of import Copy

Sought = tuple[str, int, UUID | None]
"""Which projection, as of which position, and of which key (None: of all)."""


@dataclass(slots=True)
class Kept:
    """A copy; whoever builds it holds `building`."""

    copy: Copy
    building: Lock
    users: int = 0
    used_at: float = 0.0
    dropped: bool = False


class Shelf:
    """At most so many copies, each for so long after its last use; one in use is let go at its end.

    With `building` all of them are built one after the other: threads would only take turns.
    """

    def __init__(self, most: int, kept_s: float, building: Lock | None = None) -> None:
        self._most = most
        self._kept_s = kept_s
        self._building = building
        self._kept: dict[Sought, Kept] = {}  # the one that was used last stands last
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    @contextmanager
    def borrowed(self, sought: Sought, make: Callable[[], Copy]) -> Iterator[Kept]:
        """The copy that is sought, made empty when there is none."""
        with self._lock:
            kept = self._kept.pop(sought, None) or Kept(make(), self._building or Lock())
            self._kept[sought] = kept
            kept.users += 1
            self._make_room()
        try:
            yield kept
        finally:
            with self._lock:
                kept.users -= 1
                kept.used_at = monotonic()
                _close_unused(kept)

    def forget(self, sought: Sought) -> None:
        """Do not hand that one out again."""
        with self._lock:
            self._drop(sought)

    def sweep(self) -> None:
        """Let go what nobody has asked for lately."""
        if not self._kept:
            return
        with self._lock:
            old = monotonic() - self._kept_s
            for sought in [one for one, kept in self._kept.items() if not kept.users and kept.used_at < old]:
                self._drop(sought)

    def close(self) -> None:
        """Let all go."""
        with self._lock:
            for sought in tuple(self._kept):
                self._drop(sought)

    def _make_room(self) -> None:
        for sought in tuple(self._kept)[: -self._most]:
            self._drop(sought)

    def _drop(self, sought: Sought) -> None:
        kept = self._kept.pop(sought, None)
        if kept is not None:
            kept.dropped = True
            _close_unused(kept)


def _close_unused(kept: Kept) -> None:
    if kept.dropped and not kept.users:
        kept.copy.close()
