"""A browser's session goes on while somebody is there, which is noted only now and then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from countersign.aggregates.session import Session, SessionEnded

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
IDLE, EVERY_S = timedelta(minutes=30), 300


@pytest.fixture
def session() -> Session:
    return Session.start(UUID(int=9), NOW, UUID(int=1), ("password",), idle_s=1800, absolute_s=43200)


def test_it_is_noted_at_a_bounded_rate(session: Session) -> None:
    session.carry_on(NOW + timedelta(seconds=299), EVERY_S)
    assert (session.version, session.seen_at) == (1, NOW)

    seen_at = NOW + timedelta(seconds=300)
    session.carry_on(seen_at, EVERY_S)
    assert (session.version, session.seen_at, session.idle_until) == (2, seen_at, seen_at + IDLE)


def test_what_lay_idle_too_long_cannot_go_on(session: Session) -> None:
    with pytest.raises(SessionEnded):
        session.carry_on(NOW + IDLE, EVERY_S)


def test_going_on_leaves_the_refresh_token_as_it_is(session: Session) -> None:
    session.carry_on(NOW + timedelta(minutes=10), EVERY_S)

    assert session.rotation == 1
