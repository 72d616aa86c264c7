"""The thread that keeps what a process holds of Vault, and notes how Vault stands."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from threading import Event, Thread
from typing import Final, Protocol

from countersign.config.vault.standing import State, state_of
from countersign.config.vault.trouble import VaultTrouble

_FIRST_PAUSE_S: Final = 0.5
_SHORTEST_S: Final = 0.05
_CLOSING_S: Final = 2.0
_log = logging.getLogger(__name__)


class Kept(Protocol):
    """Something lent that has to be seen to in time."""

    @property
    def due_at(self) -> float: ...

    def keep(self) -> None:
        """See to it. Raises `VaultTrouble`."""
        ...


class Upkeep:
    """Sees to all that is kept, in order; while that fails it tries again after growing pauses.

    A failure changes nothing of what is held: the process goes on with it.
    """

    def __init__(
        self,
        kept: Sequence[Kept],
        look: Callable[[], None],
        longest_pause_s: float,
        clock: Callable[[], float],
        chance: Callable[[], float],
    ) -> None:
        self._kept = kept
        self._look = look
        self._longest_pause_s = longest_pause_s
        self._clock = clock
        self._chance = chance
        self._failures = 0
        self._stop, self._wake = Event(), Event()
        self.state, self.says = State.OK, ""
        self.after_each_round: Callable[[], None] = lambda: None
        self._thread = Thread(target=self._run, name="vault upkeep", daemon=True)

    def start(self) -> None:
        """Begin; to be called after a fork, since a thread does not come along."""
        self._thread.start()

    def poke(self) -> None:
        """Have a round soon."""
        self._wake.set()

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(_CLOSING_S)

    def round(self) -> float:
        """See to what is due; the seconds until the next time."""
        try:
            self._look()
            self._see_to_all()
        except VaultTrouble as trouble:
            return self._failed(state_of(trouble), str(trouble))
        except Exception as bug:  # noqa: BLE001 - the credentials of a service must not end with this thread
            # Its text stays out of the log: nobody knows what is in it.
            return self._failed(State.AWAY, f"the upkeep of Vault met a bug: {type(bug).__name__}")
        self._note(State.OK, "")
        self._failures = 0
        next_due = min((one.due_at for one in self._kept), default=self._clock() + self._longest_pause_s)
        return min(self._longest_pause_s, max(_SHORTEST_S, next_due - self._clock()))

    def _see_to_all(self) -> None:
        troubles: list[VaultTrouble] = []
        for one in self._kept:
            if one.due_at <= self._clock():
                try:
                    one.keep()
                except VaultTrouble as trouble:  # raised below: what comes after it may be kept all the same
                    troubles.append(trouble)
        if troubles:
            raise troubles[0]

    def _failed(self, state: State, says: str) -> float:
        self._note(state, says)
        pause_s = min(self._longest_pause_s, _FIRST_PAUSE_S * 2 ** min(self._failures, 16))
        self._failures += 1
        return float(pause_s * (0.5 + 0.5 * self._chance()))

    def _note(self, state: State, says: str) -> None:
        if (state, says) != (self.state, self.says):
            if state is State.OK:
                _log.info("Vault is back")
            else:
                _log.warning("Vault is %s, this process goes on with what it holds: %s", state, says)
        self.state, self.says = state, says

    def _run(self) -> None:
        pause_s = 0.0
        while not self._stop.is_set():
            self._wake.wait(pause_s)
            self._wake.clear()
            if not self._stop.is_set():
                pause_s = self.round()
                self.after_each_round()
