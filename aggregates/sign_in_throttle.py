"""Slows down guessing: counts the failed tries to sign in to one account, or from one network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from countersign.aggregates.failure_count import FailureCount, ThrottleRule
from countersign.aggregates.root import DomainError, Root

ELSEWHERE: Final = "elsewhere"
_NETWORKS_KEPT: Final = 20


class Throttled(StrEnum):
    """What a throttle counts for."""

    ACCOUNT = "account"
    NETWORK = "network"


class SignInDelayed(DomainError):
    """Too many tries failed, so none is looked at for a while; it is not said whether the account exists."""

    code = "sign_in_delayed"
    status = 429

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"too many attempts failed: try again in {wait_s} seconds")
        self.retry_after_s = wait_s


class SignInThrottle(Root):
    """The failed tries for one address, whether it has an account or not, or from one network.

    Networks that the person has signed in from before are counted each on its own, so that whoever guesses
    elsewhere locks out nobody but themselves. The id is a keyed digest of the address or of the network.
    """

    TOPIC = "sign_in_throttle"
    kind: Throttled
    counts: Mapping[str, FailureCount] = field(default_factory=dict)
    networks: tuple[UUID, ...] = ()
    failed_because: str | None = None

    class Created(Root.Created):
        TOPIC = "sign_in_throttle.opened"
        kind: Throttled

    class LoginFailed(Root.Event):
        TOPIC = "sign_in_throttle.login_failed"
        reason: str
        place: str
        account: UUID | None

        def apply(self, throttle: SignInThrottle) -> None:
            throttle.failed_because = self.reason
            throttle.put(self.place, throttle.count_of(self.place).failed(self.timestamp))

    class AccountLocked(Root.Event):
        """`count` failures led to it, `locks` came in a row."""

        TOPIC = "sign_in_throttle.account_locked"
        account: UUID | None
        place: str
        until: datetime
        count: int
        locks: int

        def apply(self, throttle: SignInThrottle) -> None:
            throttle.put(self.place, throttle.count_of(self.place).locked(self.until, self.locks))

    class NetworkLocked(Root.Event):
        """As `AccountLocked`, for whoever calls from there and is not known to."""

        TOPIC = "sign_in_throttle.network_locked"
        place: str
        until: datetime
        count: int
        locks: int

        def apply(self, throttle: SignInThrottle) -> None:
            throttle.put(self.place, throttle.count_of(self.place).locked(self.until, self.locks))

    class LoginSucceeded(Root.Event):
        TOPIC = "sign_in_throttle.login_succeeded"
        account: UUID
        network: UUID

        def apply(self, throttle: SignInThrottle) -> None:
            throttle.failed_because = None
            throttle.clear(throttle.place_of(self.network))
            others = tuple(each for each in throttle.networks if each != self.network)
            throttle.networks = (self.network, *others)[:_NETWORKS_KEPT]

    class AccountUnlocked(Root.Event):
        TOPIC = "sign_in_throttle.account_unlocked"
        account: UUID
        by: UUID

        def apply(self, throttle: SignInThrottle) -> None:
            throttle.counts = {}

    @classmethod
    def open(cls, throttle_id: UUID, at: datetime, kind: Throttled) -> Self:
        """Begin to count."""
        return cls._create(cls.Created, id=throttle_id, timestamp=at, kind=kind)

    def require_open(self, at: datetime, network: UUID) -> None:
        """Refuse to look at a try while it is locked.

        Raises:
            SignInDelayed: with the seconds to wait.
        """
        if wait_s := self.count_of(self.place_of(network)).wait_s(at):
            raise SignInDelayed(wait_s)

    def fail(
        self, at: datetime, reason: str, *, network: UUID, account: UUID | None, rule: ThrottleRule
    ) -> None:
        """Count a failed try, and lock when there were too many."""
        place = self.place_of(network)
        self.trigger_event(self.LoginFailed, timestamp=at, reason=reason, place=place, account=account)
        lock = self.count_of(place).lock_at(at, rule)
        if lock is None:
            return
        told = {"place": place, "until": lock.until, "count": lock.failures, "locks": lock.locks}
        if self.kind is Throttled.NETWORK:
            self.trigger_event(self.NetworkLocked, timestamp=at, **told)
        else:
            self.trigger_event(self.AccountLocked, timestamp=at, **told, account=account)

    def succeed(self, at: datetime, account: UUID, network: UUID) -> None:
        """Forget the failures of that place, and know the network; often there is nothing to note."""
        if not self.knows(network) or self.place_of(network) in self.counts:
            self.trigger_event(self.LoginSucceeded, timestamp=at, account=account, network=network)

    def unlock(self, at: datetime, account: UUID, by: UUID) -> None:
        """Forget all failures; when there are none, nothing changes."""
        if self.counts:
            self.trigger_event(self.AccountUnlocked, timestamp=at, account=account, by=by)

    def knows(self, network: UUID) -> bool:
        """Whether the person has signed in from there, and not too many networks ago."""
        return network in self.networks

    def place_of(self, network: UUID) -> str:
        """Under what the tries from a network are counted."""
        return str(network) if self.knows(network) else ELSEWHERE

    def count_of(self, place: str) -> FailureCount:
        """The failures that are counted under a place."""
        return self.counts.get(place, FailureCount())

    def put(self, place: str, count: FailureCount) -> None:
        """Part of the fold."""
        self.counts = {**self.counts, place: count}

    def clear(self, place: str) -> None:
        """Part of the fold."""
        self.counts = {each: count for each, count in self.counts.items() if each != place}
