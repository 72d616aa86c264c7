"""What the log says of a session and its account, as far as a request needs to know it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.role import Role
from countersign.aggregates.session import Session, SessionEnded
from countersign.commands.session.standing import require_standing


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSession:
    """A session at a version of itself and of its account; `ended` says why it is over at any time.

    `as_of` is the position of the log at which it was found to hold; 0, if nobody asked since it was read.
    """

    session: UUID
    session_version: int
    account: UUID
    account_version: int
    role: Role | None
    factors: tuple[str, ...]
    enrolment_only: bool
    first_password: bool
    seen_at: datetime
    idle_until: datetime
    expires_at: datetime
    reauthenticated_at: datetime | None
    ended: str | None
    as_of: int = 0

    @classmethod
    def of(cls, session: Session, account: Account | None) -> Self:
        """What is to be known of a session as it is now."""
        return cls(
            session=session.id,
            session_version=session.version,
            account=session.account,
            account_version=0 if account is None else account.version,
            role=None if account is None else account.role,
            factors=session.factors,
            enrolment_only=session.enrolment_only,
            first_password=account is not None and account.first_password,
            seen_at=session.seen_at,
            idle_until=session.idle_until,
            expires_at=session.expires_at,
            reauthenticated_at=session.reauthenticated_at,
            ended=_ended(session, account),
        )

    @property
    def live_until(self) -> datetime:
        """When it runs out unless something happens before."""
        return min(self.idle_until, self.expires_at)

    @property
    def lifetime_s(self) -> int:
        """How long after it was last seen it is worth keeping."""
        return max(1, int((self.live_until - self.seen_at).total_seconds()))

    def is_live(self, now: datetime) -> bool:
        """Whether it still is a session."""
        return self.ended is None and now < self.live_until

    def require_live(self, now: datetime) -> Role:
        """The role of the person, unless the session is over.

        Raises:
            SessionEnded: it was ended, the account is kept out, or it has run out.
        """
        if self.ended is not None:
            raise SessionEnded(self.ended)
        if now >= self.live_until:
            raise SessionEnded("this session has run out: sign in again")
        if self.role is None:
            raise SessionEnded("there is no active account behind this session")
        return self.role


def _ended(session: Session, account: Account | None) -> str | None:
    try:
        session.require_live(session.seen_at)  # at that moment it had not run out, so only an end counts
        require_standing(account, session)
    except SessionEnded as ended:
        return ended.detail
    return None
