"""How often somebody failed to prove who they are, and how long that makes the next try wait."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from typing import Final

MOST_COUNTED: Final = 100
_MOST_DOUBLINGS: Final = 30


@dataclass(frozen=True, slots=True)
class ThrottleRule:
    """So many failures within a window lock for `delay_s`, twice as long each time in a row, up to a cap."""

    failures: int = 5
    window_s: int = 900
    delay_s: int = 30
    delay_cap_s: int = 900

    def delay(self, locks: int) -> timedelta:
        """How long the lock of that number in a row holds."""
        doubled = self.delay_s * 2 ** min(locks - 1, _MOST_DOUBLINGS)
        return timedelta(seconds=min(doubled, self.delay_cap_s))


@dataclass(frozen=True, slots=True)
class Lock:
    """No try is looked at before `until`; it is number `locks` in a row, set by so many failures."""

    until: datetime
    failures: int
    locks: int


@dataclass(frozen=True, slots=True)
class FailureCount:
    """The latest failures, how many locks followed one another, and until when the last one holds."""

    times: tuple[datetime, ...] = ()
    locks: int = 0
    locked_until: datetime | None = None

    def failed(self, at: datetime) -> FailureCount:
        """One failure more."""
        return replace(self, times=(*self.times, at)[-MOST_COUNTED:])

    def locked(self, until: datetime, locks: int) -> FailureCount:
        """Locked until then."""
        return replace(self, locks=locks, locked_until=until)

    def lock_at(self, at: datetime, rule: ThrottleRule) -> Lock | None:
        """The lock that the failure at this time brings.

        Soon after a lock a single failure brings the next one: whoever waits for its end has won one try.
        """
        window = timedelta(seconds=rule.window_s)
        recent = sum(at - time < window for time in self.times)
        again = self.locked_until is not None and at - self.locked_until < window
        if not again and recent < rule.failures:
            return None
        locks = self.locks + 1 if again else 1
        return Lock(at + rule.delay(locks), recent, locks)

    def wait_s(self, at: datetime) -> int:
        """How many whole seconds the next try has to wait; 0 when it need not."""
        if self.locked_until is None or at >= self.locked_until:
            return 0
        return ceil((self.locked_until - at).total_seconds())
