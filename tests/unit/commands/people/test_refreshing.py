"""Sessions go on by tokens, each of which is good once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from countersign.aggregates.session import Session, SessionEnded
from countersign.commands.session.refresh_session import RefreshSession
from countersign.commands.session.refresh_tokens import InvalidRefreshToken, RefreshTokens
from countersign.commands.session.signed_in import RefreshReused, signed_in
from countersign.eventstore.context import ANONYMOUS
from tests.unit.commands.people.service import Service
from tests.unit.commands.people.signing_in import ENGINEER, refresh


@pytest.mark.usefixtures("people")
def test_each_refresh_takes_the_next_token(service: Service) -> None:
    session = service.sign_in(ENGINEER)
    token = service.tokens.issue(session)

    for _ in range(3):
        service.later(minutes=20)
        refresh(service, session, token)
        token = service.tokens.after(token)

    assert service.state(Session, session).rotation == 4


@pytest.mark.usefixtures("people")
def test_a_refresh_repeated_under_its_key_gives_the_same_answer_and_moves_on_once(service: Service) -> None:
    session = service.sign_in(ENGINEER)
    token = service.tokens.issue(session)
    command = RefreshSession(session_id=session, refresh_token=token)
    service.give(command, ANONYMOUS, key="once")

    again = service.give(command, ANONYMOUS, key="once")

    assert again.repeated
    assert service.state(Session, session).rotation == 2
    assert service.tokens.after(token) == service.tokens.issue(session, 2)


@pytest.mark.usefixtures("people")
def test_a_token_used_twice_ends_the_session_and_the_caller_is_told(service: Service) -> None:
    session = service.sign_in(ENGINEER)
    token = service.tokens.issue(session)
    refresh(service, session, token)

    with pytest.raises(RefreshReused) as refusal:
        refresh(service, session, token)

    assert (refusal.value.code, refusal.value.status) == ("refresh_reused", 401)
    assert service.topics()[-1] == "session.revoked"
    with pytest.raises(SessionEnded):
        refresh(service, session, service.tokens.after(token))


@pytest.mark.usefixtures("people")
def test_of_two_uses_of_a_token_at_once_one_moves_on_and_the_other_ends_the_session(service: Service) -> None:
    session = service.sign_in(ENGINEER)
    command = RefreshSession(session_id=session, refresh_token=service.tokens.issue(session))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda key: service.give(command, ANONYMOUS, key=key), ["one", "two"]))

    assert service.topics()[-2:] == ["session.refreshed", "session.revoked"]


@pytest.mark.usefixtures("people")
def test_an_idle_session_cannot_go_on(service: Service) -> None:
    session = service.sign_in(ENGINEER)
    service.later(minutes=30)

    with pytest.raises(SessionEnded) as refusal:
        refresh(service, session, service.tokens.issue(session))

    assert (refusal.value.code, refusal.value.status) == ("session_ended", 401)
    with pytest.raises(SessionEnded):
        signed_in(service.shared.aggregates, session, service.now)


@pytest.mark.usefixtures("people")
def test_a_token_that_is_not_the_sessions_own_is_refused(service: Service) -> None:
    mine, other = service.sign_in(ENGINEER), service.sign_in(ENGINEER)
    before = len(service.topics())
    unknown = uuid4()
    tokens = [
        service.tokens.issue(other),
        service.tokens.issue(uuid4()),
        RefreshTokens(b"another key").issue(mine),
    ]

    for token in tokens:
        with pytest.raises(InvalidRefreshToken) as refusal:
            refresh(service, mine, token)
        assert (refusal.value.code, refusal.value.status) == ("invalid_refresh_token", 401)

    with pytest.raises(InvalidRefreshToken):
        refresh(service, unknown, service.tokens.issue(unknown))
    assert len(service.topics()) == before


def test_a_thousand_guesses_do_not_make_a_token(service: Service) -> None:
    session = uuid4()
    token = service.tokens.issue(session)
    guesses = {token[:place] + "A" + token[place + 1 :] for place in range(len(token))} - {token}
    guesses |= {
        "",
        "A" * 70,
        token[:-1],
        token + "=",
        token + "A",
        "é" * 70,
        "!" * 70,
        "!" + token[1:],
        token.swapcase(),
    }

    for guess in guesses:
        with pytest.raises(InvalidRefreshToken):
            service.tokens.read(guess)
    assert service.tokens.read(token).session == session
