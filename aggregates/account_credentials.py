"""How a person proves who they are, and which of their sessions that proof still covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from countersign.aggregates.account_refusals import CHOOSE_YOUR_OWN, PasswordChangeRequired
from countersign.aggregates.role import Role
from countersign.aggregates.root import Personal, Root
from countersign.aggregates.session import SessionEnded

REMEMBERED: Final = 5  # passwords that may not come back, the one in force among them


@dataclass(frozen=True, slots=True)
class EarlierPassword:
    """The hash of a password that was in force before."""

    subject: UUID
    hash: Personal


class Credentials(Root):
    """Name, address and password.

    Sessions belong to the generation in which they were started. A new one begins when the password changes
    and when the account is disabled: that ends all sessions at once, however many, without naming them.
    """

    TOPIC: ClassVar[str]
    name: Personal
    email: Personal
    email_identity: UUID
    password_hash: Personal
    requested_role: Role
    first_password: bool = False
    earlier_passwords: tuple[EarlierPassword, ...] = ()
    session_generation: int = 0
    kept_session: UUID | None = None

    class PasswordChanged(Root.Event):
        TOPIC = "account.password_changed"
        password_hash: Personal
        kept_session: UUID | None

        def apply(self, account: Credentials) -> None:
            _replace_password(account, self.password_hash)
            end_sessions(account, self.kept_session)

    class PasswordReset(Root.Event):
        TOPIC = "account.password_reset"
        password_hash: Personal

        def apply(self, account: Credentials) -> None:
            _replace_password(account, self.password_hash)
            end_sessions(account)

    class PasswordRehashed(Root.Event):
        TOPIC = "account.password_rehashed"
        password_hash: Personal

        def apply(self, account: Credentials) -> None:
            account.password_hash = self.password_hash

    class SessionsEnded(Root.Event):
        TOPIC = "account.sessions_ended"
        kept_session: UUID | None

        def apply(self, account: Credentials) -> None:
            end_sessions(account, self.kept_session)

    def change_password(self, at: datetime, password_hash: str, session: UUID | None) -> None:
        """Put another password in force; every session ends but the one that it was changed in."""
        self.trigger_event(
            self.PasswordChanged, timestamp=at, password_hash=password_hash, kept_session=session
        )

    def reset_password(self, at: datetime, password_hash: str) -> None:
        """Put another password in force for somebody who had lost theirs; every session ends."""
        self.trigger_event(self.PasswordReset, timestamp=at, password_hash=password_hash)

    def rehash_password(self, at: datetime, password_hash: str) -> None:
        """Keep the same password under a hash of today's cost."""
        self.trigger_event(self.PasswordRehashed, timestamp=at, password_hash=password_hash)

    def end_sessions(self, at: datetime, kept: UUID | None = None) -> None:
        """End every session but the one to keep."""
        self.trigger_event(self.SessionsEnded, timestamp=at, kept_session=kept)

    def require_own_password(self) -> None:
        """Refuse what is more than choosing a password while the one in force was chosen by somebody else.

        Raises:
            PasswordChangeRequired
        """
        if self.first_password:
            raise PasswordChangeRequired(CHOOSE_YOUR_OWN)

    @property
    def known_hashes(self) -> tuple[Personal, ...]:
        """The hashes of the last passwords, the one in force first."""
        return (self.password_hash, *(earlier.hash for earlier in self.earlier_passwords))

    def require_current(self, session: UUID, generation: int) -> None:
        """Refuse a session that was started before all of them were ended.

        Raises:
            SessionEnded: it was.
        """
        if generation < self.session_generation and session != self.kept_session:
            raise SessionEnded("all sessions of this account were ended since: sign in again")


def end_sessions(account: Credentials, kept: UUID | None = None) -> None:
    """The part of a fold that begins a new generation of sessions."""
    account.session_generation += 1
    account.kept_session = kept


def _replace_password(account: Credentials, password_hash: Personal) -> None:
    replaced = EarlierPassword(account.id, account.password_hash)
    account.earlier_passwords = (replaced, *account.earlier_passwords)[: REMEMBERED - 1]
    account.password_hash = password_hash
    account.first_password = False
