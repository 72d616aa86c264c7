"""Which mails one person wants at once, which once a day, and what waits for that day's mail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from countersign.aggregates.daily_hour import latest_hour, time_zones
from countersign.aggregates.email_contents import WITHOUT_OCCASION, EmailPurpose
from countersign.aggregates.root import DomainError, Root, derived_id

FULL: Final = 200
_HOURS: Final = range(24)
MORNING: Final = 7


class Channel(StrEnum):
    """How a person hears of something: by a mail of its own, by that of the day, or not."""

    MAIL = "mail"
    DIGEST = "digest"
    NONE = "none"


_DISPENSABLE: Final = frozenset(
    {
        EmailPurpose.APPROVAL_REQUEST,
        EmailPurpose.APPROVAL_REMINDER,
        EmailPurpose.APPROVAL_ESCALATED,
        EmailPurpose.STAGE_APPROVED,
        EmailPurpose.CHANGES_REQUESTED,
        EmailPurpose.REVISION_APPROVED,
        EmailPurpose.REGISTRATION_RECEIVED,
        EmailPurpose.API_KEY_EXPIRING,
        EmailPurpose.MENTION,
        EmailPurpose.REPLY,
        EmailPurpose.PUNCH_ASSIGNED,
        EmailPurpose.SCHEDULE_RESULT,
        EmailPurpose.BULK_RESULT,
        EmailPurpose.BACKUP_FAILED,
        EmailPurpose.HEALTH_ALERT,
        EmailPurpose.OPERATIONS_REPORT,
        EmailPurpose.RETENTION_DUE,
    }
)
"""All others are sent whatever anybody wants: they guard an account, or answer what was asked for, or say
that a signature or a document does not hold any more."""
CHOOSABLE: Final = _DISPENSABLE - WITHOUT_OCCASION
ALWAYS_MAILED: Final = frozenset(EmailPurpose) - _DISPENSABLE - WITHOUT_OCCASION


class InvalidPreference(DomainError):
    """A mail that is always sent cannot be switched off, and a day has 24 hours somewhere."""

    code = "invalid_preference"
    status = 422


@dataclass(frozen=True, slots=True)
class News:
    """What a mail would have said, had its reader not wanted it with the others of the day."""

    purpose: EmailPurpose
    cause: UUID
    at: datetime
    facts: Mapping[str, str]


def inbox_id(account: UUID) -> UUID:
    """Where the wishes of a person are kept."""
    return derived_id("inbox", str(account))


class Inbox(Root):
    """One person's wishes; who has never said any gets every mail at once."""

    TOPIC = "inbox"
    account: UUID
    channels: Mapping[EmailPurpose, Channel] = field(default_factory=dict)
    digest_hour: int = MORNING
    time_zone: str = "UTC"
    waiting: tuple[News, ...] = ()
    digested_to: datetime | None = None

    class Created(Root.Created):
        TOPIC = "inbox.opened"
        account: UUID

    class PreferenceChanged(Root.Event):
        TOPIC = "inbox.preference_changed"
        purpose: EmailPurpose
        channel: Channel

        def apply(self, inbox: Inbox) -> None:
            inbox.channels = {**inbox.channels, self.purpose: self.channel}

    class DigestHourSet(Root.Event):
        TOPIC = "inbox.digest_hour_set"
        hour: int
        time_zone: str

        def apply(self, inbox: Inbox) -> None:
            inbox.digest_hour = self.hour
            inbox.time_zone = self.time_zone

    class NewsPutAside(Root.Event):
        TOPIC = "inbox.news_put_aside"
        news: News

        def apply(self, inbox: Inbox) -> None:
            inbox.waiting = (*inbox.waiting, self.news)

    class DigestPlanned(Root.Event):
        TOPIC = "inbox.digest_planned"
        due_at: datetime
        email: UUID
        count: int

        def apply(self, inbox: Inbox) -> None:
            inbox.waiting = inbox.waiting[self.count :]
            inbox.digested_to = self.due_at

    @classmethod
    def open(cls, at: datetime, account: UUID) -> Self:
        """Begin to keep the wishes of a person."""
        return cls._create(cls.Created, id=inbox_id(account), timestamp=at, account=account)

    def channel_of(self, purpose: EmailPurpose) -> Channel:
        """How this person hears of it."""
        return self.channels.get(purpose, Channel.MAIL)

    def prefer(self, at: datetime, channels: Mapping[EmailPurpose, Channel], hour: int, zone: str) -> None:
        """Take these wishes for those before; a purpose that is not named is mailed at once.

        Raises:
            InvalidPreference: with a pointer to each fault.
        """
        if faults := tuple(_faults(channels, hour, zone)):
            raise InvalidPreference("this cannot be had so", faults)
        for purpose in sorted(CHOOSABLE):
            if (wanted := channels.get(purpose, Channel.MAIL)) is not self.channel_of(purpose):
                self.trigger_event(self.PreferenceChanged, timestamp=at, purpose=purpose, channel=wanted)
        if (hour, zone) != (self.digest_hour, self.time_zone):
            self.trigger_event(self.DigestHourSet, timestamp=at, hour=hour, time_zone=zone)

    def put_aside(self, at: datetime, purpose: EmailPurpose, cause: UUID, facts: Mapping[str, str]) -> None:
        """Keep it for the mail of the day; what is kept already is kept once."""
        if not any((each.purpose, each.cause) == (purpose, cause) for each in self.waiting):
            self.trigger_event(self.NewsPutAside, timestamp=at, news=News(purpose, cause, at, facts))

    def digest_due(self, now: datetime) -> datetime | None:
        """The due time of the mail that is to be planned now, if any.

        It is this person's hour; when very much waits, it is the full hour.
        """
        if not self.waiting:
            return None
        full = len(self.waiting) >= FULL
        due = (
            now.replace(minute=0, second=0, microsecond=0)
            if full
            else latest_hour(self.digest_hour, self.time_zone, now)
        )
        # What a clock that was far ahead has left behind counts for nothing.
        was_before = self.digested_to is not None and due <= self.digested_to <= now
        return None if was_before or (self.waiting[0].at > due and not full) else due

    def plan_digest(self, at: datetime, due_at: datetime, email: UUID, count: int) -> None:
        """The mail of that due time is planned, with the first `count` of what waits."""
        self.trigger_event(self.DigestPlanned, timestamp=at, due_at=due_at, email=email, count=count)


def _faults(channels: Mapping[EmailPurpose, Channel], hour: int, zone: str) -> Iterator[tuple[str, str]]:
    for purpose in sorted(channels.keys() - CHOOSABLE):
        always = purpose in ALWAYS_MAILED
        yield f"/channels/{purpose}", "is always mailed" if always else "is not mailed by anything yet"
    if hour not in _HOURS:
        yield "/digest_hour", "needs an hour from 0 to 23"
    if zone not in time_zones():
        yield "/time_zone", "is not the name of a time zone, such as Europe/Berlin"
