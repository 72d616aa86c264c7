"""A log-in: how long it lasts, how it goes on, and how a copied token ends it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.aggregates.session import (
    REFRESH_REUSED,
    Entry,
    SecondFactorEnrolmentRequired,
    Session,
    SessionEnded,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ANNA, SESSION = UUID(int=1), UUID(int=9)
IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)
MOMENT = timedelta(microseconds=1)


def started() -> Session:
    session = Session.start(SESSION, NOW, ANNA, ("password",), idle_s=1800, absolute_s=43200)
    session.collect_events()
    return session


def test_a_new_session_is_live_until_just_before_its_idle_time_is_over() -> None:
    session = started()

    session.require_live(NOW + IDLE - MOMENT)
    with pytest.raises(SessionEnded):
        session.require_live(NOW + IDLE)


def test_a_refresh_rotates_the_token_and_starts_the_idle_time_again() -> None:
    session = started()

    session.refresh(NOW + IDLE - MOMENT, rotation=1)

    assert session.rotation == 2
    session.require_live(NOW + IDLE + timedelta(minutes=29))


def test_an_idle_session_cannot_be_refreshed() -> None:
    session = started()

    with pytest.raises(SessionEnded):
        session.refresh(NOW + IDLE, rotation=1)
    assert not session.pending_events


def test_however_often_it_is_refreshed_it_ends_at_its_absolute_limit() -> None:
    session = started()
    at = NOW
    while at + timedelta(minutes=29) < NOW + ABSOLUTE:
        at += timedelta(minutes=29)
        session.refresh(at, session.rotation)

    with pytest.raises(SessionEnded):
        session.refresh(NOW + ABSOLUTE, session.rotation)


def test_an_older_token_that_comes_back_ends_the_session_and_that_is_recorded() -> None:
    session = started()
    session.refresh(NOW, rotation=1)
    session.collect_events()

    session.refresh(NOW, rotation=1)

    (event,) = session.collect_events()
    assert isinstance(event, Session.Revoked)
    assert session.revoked_because == REFRESH_REUSED
    with pytest.raises(SessionEnded):
        session.refresh(NOW, rotation=2)


def test_a_revoked_session_is_over_at_once_and_revoking_it_again_records_nothing() -> None:
    session = started()
    session.revoke(NOW, "signed_out")
    session.collect_events()

    session.revoke(NOW, "ended_by_administrator")

    assert not session.pending_events
    assert session.revoked_because == "signed_out"
    with pytest.raises(SessionEnded):
        session.require_live(NOW)


def test_logging_in_is_not_yet_the_proof_that_a_signature_needs() -> None:
    assert started().reauthenticated_at is None


def test_reauthentication_is_kept_with_its_time_and_factors() -> None:
    session = started()

    session.reauthenticate(NOW + timedelta(minutes=1), ("password",))

    assert session.reauthenticated_at == NOW + timedelta(minutes=1)
    assert session.reauthentication_factors == ("password",)


def test_a_session_that_is_over_takes_no_reauthentication() -> None:
    session = started()

    with pytest.raises(SessionEnded):
        session.reauthenticate(NOW + IDLE, ("password",))


def test_a_session_for_enrolment_is_full_once_the_factor_was_shown_in_it() -> None:
    entry = Entry(enrolment_only=True)
    session = Session.start(SESSION, NOW, ANNA, ("password",), idle_s=1800, absolute_s=43200, entry=entry)
    with pytest.raises(SecondFactorEnrolmentRequired) as refusal:
        session.require_full()
    assert (refusal.value.code, refusal.value.status) == ("second_factor_enrolment_required", 403)

    session.prove_factor(NOW, "totp")

    session.require_full()
    assert session.factors == ("password", "totp")


def test_a_session_that_is_over_takes_no_factor() -> None:
    session = started()

    with pytest.raises(SessionEnded):
        session.prove_factor(NOW + IDLE, "totp")


def test_a_log_in_of_the_first_version_came_from_nowhere_and_is_full() -> None:
    state: dict[str, object] = {}

    Session.Created.upcast_v1_v2(state)

    assert state == {
        "generation": 0,
        "network": "",
        "agent": "",
        "new_network": False,
        "enrolment_only": False,
    }


@given(st.lists(st.tuples(st.integers(0, 2400), st.integers(1, 4)), max_size=12))
def test_only_the_newest_token_ever_moves_a_session_on(uses: list[tuple[int, int]]) -> None:
    session = started()
    at = NOW
    for wait_s, rotation in uses:
        at += timedelta(seconds=wait_s)
        newest, was_live = session.rotation, is_live(session, at)
        refresh(session, at, rotation)
        moved_on = session.rotation == newest + 1
        assert moved_on == (was_live and rotation == newest)
        assert moved_on or not was_live or session.revoked_because == REFRESH_REUSED


def is_live(session: Session, at: datetime) -> bool:
    try:
        session.require_live(at)
    except SessionEnded:
        return False
    return True


def refresh(session: Session, at: datetime, rotation: int) -> None:
    try:
        session.refresh(at, rotation)
    except SessionEnded:
        assert not is_live(session, at)
