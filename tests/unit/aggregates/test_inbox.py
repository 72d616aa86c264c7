"""Which mails somebody wants at once, which once a day, and when that is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from countersign.aggregates.daily_hour import latest_hour
from countersign.aggregates.email_contents import WITHOUT_OCCASION, EmailPurpose
from countersign.aggregates.inbox import (
    ALWAYS_MAILED,
    CHOOSABLE,
    FULL,
    Channel,
    Inbox,
    InvalidPreference,
    inbox_id,
)

ADA = UUID(int=1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
GUARDING = frozenset(
    {
        EmailPurpose.EMAIL_VERIFY,
        EmailPurpose.ADDRESS_IN_USE,
        EmailPurpose.ACCOUNT_APPROVED,
        EmailPurpose.ACCOUNT_REJECTED,
        EmailPurpose.PASSWORD_RESET,
        EmailPurpose.PASSWORD_CHANGED,
        EmailPurpose.EMAIL_CHANGE,
        EmailPurpose.EMAIL_CHANGED,
        EmailPurpose.MFA_CHANGED,
        EmailPurpose.ACCOUNT_LOCKED,
        EmailPurpose.NEW_LOGIN,
        EmailPurpose.SECURITY_ALERT,
    }
)
FOR_EVERYBODY = frozenset(
    {EmailPurpose.REVISION_ISSUED_CLIENT, EmailPurpose.ADMIN_BROADCAST, EmailPurpose.DIGEST}
)


def an_inbox(hour: int = 7, zone: str = "UTC") -> Inbox:
    inbox = Inbox.open(NOON, ADA)
    inbox.prefer(NOON, {EmailPurpose.HEALTH_ALERT: Channel.DIGEST}, hour, zone)
    return inbox


def aside(inbox: Inbox, at: datetime, cause: int = 1) -> None:
    inbox.put_aside(at, EmailPurpose.HEALTH_ALERT, UUID(int=cause), {"state": "open"})


def test_every_purpose_can_be_chosen_or_is_always_mailed() -> None:
    assert ALWAYS_MAILED == GUARDING | FOR_EVERYBODY
    assert set(EmailPurpose) == CHOOSABLE | ALWAYS_MAILED | WITHOUT_OCCASION
    assert len(EmailPurpose) == sum(map(len, (CHOOSABLE, ALWAYS_MAILED, WITHOUT_OCCASION)))


@pytest.mark.parametrize("purpose", sorted(WITHOUT_OCCASION))
def test_nobody_chooses_what_nothing_causes_yet(purpose: EmailPurpose) -> None:
    with pytest.raises(InvalidPreference) as refusal:
        Inbox.open(NOON, ADA).prefer(NOON, {purpose: Channel.NONE}, 7, "UTC")

    assert refusal.value.pointers == ((f"/channels/{purpose}", "is not mailed by anything yet"),)


def test_who_has_said_nothing_gets_every_mail_at_once() -> None:
    inbox = Inbox.open(NOON, ADA)

    assert inbox.id == inbox_id(ADA)
    assert {inbox.channel_of(purpose) for purpose in EmailPurpose} == {Channel.MAIL}


def test_wishes_take_the_place_of_those_before_and_only_what_changes_is_recorded() -> None:
    inbox = an_inbox()
    inbox.collect_events()

    inbox.prefer(NOON, {EmailPurpose.SCHEDULE_RESULT: Channel.NONE}, 7, "UTC")
    inbox.prefer(NOON, {EmailPurpose.SCHEDULE_RESULT: Channel.NONE}, 7, "UTC")

    changes = [event for event in inbox.collect_events() if isinstance(event, Inbox.PreferenceChanged)]
    assert [(change.purpose, change.channel) for change in changes] == [
        (EmailPurpose.HEALTH_ALERT, Channel.MAIL),
        (EmailPurpose.SCHEDULE_RESULT, Channel.NONE),
    ]


@pytest.mark.parametrize("purpose", sorted(GUARDING | FOR_EVERYBODY))
def test_what_guards_an_account_cannot_be_switched_off(purpose: EmailPurpose) -> None:
    inbox = Inbox.open(NOON, ADA)

    with pytest.raises(InvalidPreference) as refusal:
        inbox.prefer(NOON, {purpose: Channel.NONE}, 7, "UTC")

    assert refusal.value.pointers == ((f"/channels/{purpose}", "is always mailed"),)


def test_a_day_has_24_hours_in_a_place_that_there_is() -> None:
    with pytest.raises(InvalidPreference) as refusal:
        Inbox.open(NOON, ADA).prefer(NOON, {}, 24, "Atlantis/Capital")

    assert [pointer for pointer, _ in refusal.value.pointers] == ["/digest_hour", "/time_zone"]
    assert (refusal.value.code, refusal.value.status) == ("invalid_preference", 422)


def test_the_hour_can_be_moved_to_another_place() -> None:
    inbox = an_inbox(hour=7)
    aside(inbox, NOON)

    inbox.prefer(NOON, inbox.channels, 22, "Asia/Tokyo")

    assert (inbox.digest_hour, inbox.time_zone) == (22, "Asia/Tokyo")
    assert inbox.digest_due(NOON + timedelta(hours=1)) == NOON + timedelta(hours=1)


def test_the_same_news_waits_once() -> None:
    inbox = an_inbox()

    aside(inbox, NOON)
    aside(inbox, NOON)
    aside(inbox, NOON, cause=2)

    assert [news.cause.int for news in inbox.waiting] == [1, 2]


def test_a_digest_is_due_at_the_hour_after_news_came_and_once() -> None:
    inbox = an_inbox(hour=7)
    assert inbox.digest_due(NOON) is None
    aside(inbox, NOON)
    seven = datetime(2026, 3, 3, 7, tzinfo=UTC)

    assert inbox.digest_due(NOON + timedelta(hours=1)) is None
    assert inbox.digest_due(seven - timedelta(seconds=1)) is None
    assert inbox.digest_due(seven) == seven
    assert inbox.digest_due(seven + timedelta(hours=5)) == seven
    inbox.plan_digest(seven, seven, UUID(int=9), 1)

    assert inbox.digest_due(seven) is None
    aside(inbox, seven + timedelta(minutes=1), cause=2)
    assert inbox.digest_due(seven + timedelta(hours=1)) is None
    assert inbox.digest_due(seven + timedelta(days=1)) == seven + timedelta(days=1)


def test_what_comes_while_a_digest_is_written_waits_for_the_next() -> None:
    inbox = an_inbox()
    aside(inbox, NOON)
    aside(inbox, NOON, cause=2)

    inbox.plan_digest(NOON, NOON, UUID(int=9), 1)

    assert [news.cause.int for news in inbox.waiting] == [2]


def test_when_very_much_waits_the_full_hour_is_enough() -> None:
    inbox = an_inbox(hour=7)
    for number in range(FULL):
        aside(inbox, NOON + timedelta(minutes=10), cause=number)

    assert inbox.digest_due(NOON + timedelta(minutes=40)) == NOON
    inbox.plan_digest(NOON, NOON, UUID(int=9), FULL)
    assert inbox.waiting == ()


def test_a_clock_that_was_far_ahead_keeps_nobody_waiting() -> None:
    inbox = an_inbox(hour=7)
    aside(inbox, NOON)
    inbox.plan_digest(NOON, NOON + timedelta(days=400), UUID(int=9), 1)

    aside(inbox, NOON, cause=2)

    assert inbox.digest_due(NOON + timedelta(days=1)) == datetime(2026, 3, 3, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hour", "zone", "now", "expected"),
    [
        (7, "UTC", "2026-03-02T06:59:59+00:00", "2026-03-01T07:00:00+00:00"),
        (7, "Asia/Kolkata", "2026-03-02T02:00:00+00:00", "2026-03-02T01:30:00+00:00"),
        (23, "Asia/Tokyo", "2026-03-02T13:00:00+00:00", "2026-03-01T14:00:00+00:00"),
        (2, "Europe/Berlin", "2026-03-29T12:00:00+00:00", "2026-03-29T01:00:00+00:00"),  # left out that day
        (2, "Europe/Berlin", "2026-10-25T12:00:00+00:00", "2026-10-25T00:00:00+00:00"),  # shown twice
    ],
)
def test_the_hour_is_that_of_the_place(hour: int, zone: str, now: str, expected: str) -> None:
    assert latest_hour(hour, zone, datetime.fromisoformat(now)) == datetime.fromisoformat(expected)
