"""The ids of browser sessions: only this service makes them, and each proof of identity makes another."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.http.browser.cookie_ids import CookieIds

IDS = CookieIds(b"k" * 32)
SESSION = UUID(int=7)
NOW = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)


def test_an_id_is_known_again_without_anything_stored() -> None:
    claim = CookieIds(b"k" * 32).read(IDS.issue(SESSION))

    assert claim is not None
    assert claim.session == SESSION
    assert claim.is_of(None)


def test_a_proof_of_identity_makes_another_id_and_the_one_before_is_not_of_the_session_any_more() -> None:
    before, after = IDS.issue(SESSION), IDS.issue(SESSION, NOW)
    old, new = IDS.read(before), IDS.read(after)

    assert before != after
    assert old is not None
    assert not old.is_of(NOW)
    assert new is not None
    assert new.is_of(NOW)
    assert not new.is_of(NOW + timedelta(microseconds=1))


def test_an_id_made_under_another_key_is_not_known() -> None:
    assert IDS.read(CookieIds(b"x" * 32).issue(SESSION)) is None


@given(st.text(max_size=100))
def test_any_text_is_no_id_and_never_a_crash(text: str) -> None:
    assert IDS.read(text) is None


@given(st.integers(0, 74), st.sampled_from("ABCabc012-_"))
def test_no_changed_character_goes_unnoticed(place: int, character: str) -> None:
    cookie_id = IDS.issue(SESSION, NOW)
    changed = cookie_id[:place] + character + cookie_id[place + 1 :]

    assert changed == cookie_id or IDS.read(changed) is None


@pytest.mark.parametrize("spell", [lambda raw: base64.urlsafe_b64encode(raw).decode(), lambda raw: raw.hex()])
def test_another_spelling_of_an_id_is_none(spell: object) -> None:
    cookie_id = IDS.issue(SESSION)
    raw = base64.urlsafe_b64decode(cookie_id + "=" * (-len(cookie_id) % 4))

    assert IDS.read(spell(raw) + "=") is None  # type: ignore[operator]


def test_a_csrf_token_belongs_to_one_id_and_is_not_the_id() -> None:
    one, other = IDS.issue(SESSION), IDS.issue(UUID(int=8))

    assert IDS.is_csrf_token(IDS.csrf_token(one), one)
    assert not IDS.is_csrf_token(IDS.csrf_token(other), one)
    for given_token in ("", one, "é", IDS.csrf_token(one)[:-1]):
        assert not IDS.is_csrf_token(given_token, one)
