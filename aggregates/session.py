"""A person's time at the service, from log-in until it is revoked or runs out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Self
from uuid import UUID

from countersign.aggregates.root import DomainError, Personal, Root

REFRESH_REUSED: Final = "refresh_reused"


class SessionEnded(DomainError):
    """The session was revoked, lay idle for too long or reached its end: sign in again."""

    code = "session_ended"
    status = 401


class SecondFactorEnrolmentRequired(DomainError):
    """The person's role asks for a second factor, and they have none: until then they may only enrol one."""

    code = "second_factor_enrolment_required"
    status = 403


@dataclass(frozen=True, slots=True)
class Entry:
    """How somebody came in.

    `new_network`: they had signed in before, and never from there. `enrolment_only`: their role asks for a
    second factor that they do not have, so the session is good for enrolling one and nothing else.
    """

    network: str = ""
    agent: str = ""
    new_network: bool = False
    enrolment_only: bool = False


PLAIN: Final = Entry()


class Session(Root):
    """One log-in. Its refresh token changes at each use; an old one that comes back ends it.

    A thief and the rightful holder cannot both have the newest token, so the second use of one means that
    it was copied (RFC 9700 section 4.14.2).
    """

    TOPIC = "session"
    SUBJECT = "account"
    account: UUID
    factors: tuple[str, ...]
    expires_at: datetime
    idle_s: int
    generation: int
    network: Personal
    agent: str
    new_network: bool
    enrolment_only: bool
    rotation: int = 1
    refreshed_at: datetime | None = None
    revoked_because: str | None = None
    reauthenticated_at: datetime | None = None
    reauthentication_factors: tuple[str, ...] = ()

    class Created(Root.Created):
        TOPIC = "session.started"
        SUBJECT = "account"
        class_version = 2
        account: UUID
        factors: tuple[str, ...]
        expires_at: datetime
        idle_s: int
        generation: int  # of the account's sessions: those of an earlier one are over
        network: Personal
        agent: str
        new_network: bool
        enrolment_only: bool

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            state |= {"generation": 0, "network": "", "agent": "", "new_network": False}
            state["enrolment_only"] = False

    class Refreshed(Root.Event):
        TOPIC = "session.refreshed"
        rotation: int

        def apply(self, session: Session) -> None:
            session.rotation = self.rotation
            session.refreshed_at = self.timestamp

    class Continued(Root.Event):
        TOPIC = "session.continued"

        def apply(self, session: Session) -> None:
            session.refreshed_at = self.timestamp

    class Revoked(Root.Event):
        TOPIC = "session.revoked"
        reason: str

        def apply(self, session: Session) -> None:
            session.revoked_because = self.reason

    class Reauthenticated(Root.Event):
        TOPIC = "session.reauthenticated"
        factors: tuple[str, ...]

        def apply(self, session: Session) -> None:
            session.reauthenticated_at = self.timestamp
            session.reauthentication_factors = self.factors

    class FactorProved(Root.Event):
        TOPIC = "session.factor_proved"
        factor: str

        def apply(self, session: Session) -> None:
            session.factors = (*session.factors, self.factor)
            session.enrolment_only = False

    @classmethod
    def start(
        cls,
        session_id: UUID,
        at: datetime,
        account: UUID,
        factors: tuple[str, ...],
        *,
        idle_s: int,
        absolute_s: int,
        generation: int = 0,
        entry: Entry = PLAIN,
    ) -> Self:
        """Let a person in who has proved who they are by `factors`."""
        return cls._create(
            cls.Created,
            id=session_id,
            timestamp=at,
            account=account,
            factors=factors,
            expires_at=at + timedelta(seconds=absolute_s),
            idle_s=idle_s,
            generation=generation,
            network=entry.network,
            agent=entry.agent,
            new_network=entry.new_network,
            enrolment_only=entry.enrolment_only,
        )

    def refresh(self, at: datetime, rotation: int) -> None:
        """Go on for another idle period, or end here when the token of `rotation` was used before.

        Raises:
            SessionEnded: there is nothing left to go on with.
        """
        self.require_live(at)
        if rotation != self.rotation:
            self.revoke(at, REFRESH_REUSED)
        else:
            self.trigger_event(self.Refreshed, timestamp=at, rotation=rotation + 1)

    def carry_on(self, at: datetime, seen_every_s: float) -> None:
        """Note that the person is still there, unless that was noted within the last `seen_every_s`.

        Raises:
            SessionEnded: there is nothing left to go on with.
        """
        self.require_live(at)
        if at - self.seen_at >= timedelta(seconds=seen_every_s):
            self.trigger_event(self.Continued, timestamp=at)

    def reauthenticate(self, at: datetime, factors: tuple[str, ...]) -> None:
        """Note that the person has just proved again who they are.

        Raises:
            SessionEnded: it is over.
        """
        self.require_live(at)
        self.trigger_event(self.Reauthenticated, timestamp=at, factors=factors)

    def prove_factor(self, at: datetime, factor: str) -> None:
        """Note that a second factor was enrolled and shown in this session.

        Raises:
            SessionEnded: it is over.
        """
        self.require_live(at)
        self.trigger_event(self.FactorProved, timestamp=at, factor=factor)

    def revoke(self, at: datetime, reason: str) -> None:
        """End the session; ending it twice changes nothing."""
        if self.revoked_because is None:
            self.trigger_event(self.Revoked, timestamp=at, reason=reason)

    def require_live(self, at: datetime) -> None:
        """Refuse once the session is over.

        Raises:
            SessionEnded: revoked, idle for too long, or past its end.
        """
        if self.revoked_because is not None:
            raise SessionEnded("this session was ended: sign in again")
        if at >= min(self.expires_at, self.idle_until):
            raise SessionEnded("this session has run out: sign in again")

    def require_full(self) -> None:
        """Refuse what is more than enrolling a second factor while the person must do that first.

        Raises:
            SecondFactorEnrolmentRequired
        """
        if self.enrolment_only:
            raise SecondFactorEnrolmentRequired("your role asks for a second factor: enrol one, then go on")

    @property
    def idle_until(self) -> datetime:
        """When the session runs out unless it is refreshed before."""
        return self.seen_at + timedelta(seconds=self.idle_s)

    @property
    def seen_at(self) -> datetime:
        """When the person was last noted to be there."""
        return self.refreshed_at or self.created_on
