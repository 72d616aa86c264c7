"""Signing in is slowed down for who fails: alike for everybody, and never for the one who is guessed at."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.role import Role
from countersign.aggregates.root import DomainError
from countersign.aggregates.session import Session
from countersign.aggregates.sign_in_throttle import SignInDelayed
from countersign.commands.password_checks import _KEPT, PasswordChecks
from countersign.commands.password_hashes import PasswordHashes
from countersign.commands.permit import NotPermitted, ReauthenticationRequired
from countersign.commands.session.attempt import BadCredentials
from countersign.commands.session.end_sessions import EndSessions
from countersign.commands.session.log_in import LogIn
from countersign.commands.session.reauthenticate import Reauthenticate
from countersign.commands.session.unlock_account import UnlockAccount
from countersign.eventstore.context import ANONYMOUS
from countersign.eventstore.store import NotFound
from tests.unit.commands.people.service import PASSWORD, Service

ENGINEER, NOBODY = "engineer@example.com", "nobody@example.com"
WRONG = "wrong horse battery"
DESK, ELSEWHERE = "192.0.2.1", "198.51.100.7"


def guess(service: Service, email: str = ENGINEER, times: int = 1, network: str = ELSEWHERE) -> None:
    service.network = network
    for _ in range(times):
        with pytest.raises(BadCredentials):
            service.sign_in(email, WRONG)


def delayed(service: Service, email: str = ENGINEER, network: str = ELSEWHERE) -> SignInDelayed:
    service.network = network
    with pytest.raises(SignInDelayed) as refusal:
        service.sign_in(email)
    return refusal.value


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("email", [ENGINEER, NOBODY, "no address"])
def test_after_five_failures_nobody_gets_in_and_nothing_is_written(service: Service, email: str) -> None:
    guess(service, email, times=5)
    before = len(service.topics())

    refusal = delayed(service, email)

    assert (refusal.retry_after_s, refusal.detail) == (
        30,
        "too many attempts failed: try again in 30 seconds",
    )
    assert len(service.topics()) == before


def test_a_known_and_an_unknown_address_leave_the_same_events(
    service: Service, people: dict[Role, UUID]
) -> None:
    known = since(service, lambda: guess(service, ENGINEER, times=5))
    service.later(hours=1)
    unknown = since(service, lambda: guess(service, NOBODY, times=5))

    assert [topic for topic in known if "network" not in topic and "opened" not in topic] == [
        topic for topic in unknown if "network" not in topic and "opened" not in topic
    ]


@pytest.mark.usefixtures("people")
def test_no_hash_is_made_while_it_is_locked(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    guess(service, times=5)
    monkeypatch.setattr(PasswordHashes, "verify", never)

    delayed(service)


@pytest.mark.usefixtures("people")
def test_once_the_delay_is_over_the_person_gets_in(service: Service) -> None:
    guess(service, times=5)
    service.later(seconds=30)

    service.sign_in(ENGINEER)


@pytest.mark.usefixtures("people")
def test_guessing_from_elsewhere_never_locks_out_who_is_known_at_their_desk(service: Service) -> None:
    service.network = DESK
    service.sign_in(ENGINEER)
    guess(service, times=5)

    service.network = DESK
    service.sign_in(ENGINEER)
    delayed(service)


@pytest.mark.usefixtures("people")
def test_a_network_that_tries_many_addresses_is_locked_itself(service: Service) -> None:
    for number in range(20):
        guess(service, f"person{number}@example.com")

    delayed(service, "person99@example.com")
    service.network = DESK
    service.sign_in(ENGINEER)


@pytest.mark.usefixtures("people")
def test_a_locked_network_does_not_stop_who_is_known_there(service: Service) -> None:
    service.network = ELSEWHERE
    service.sign_in(ENGINEER)
    for number in range(20):
        guess(service, f"person{number}@example.com")

    service.sign_in(ENGINEER)


def test_a_failure_is_recorded_under_the_network_and_names_the_account_it_was_for(
    service: Service, people: dict[Role, UUID]
) -> None:
    guess(service)

    failed = [each for each in service.happened() if each.topic == "sign_in_throttle.login_failed"]
    assert [each.event.account for each in failed] == [people[Role.ENGINEER]] * 2  # type: ignore[attr-defined]
    assert {each.client.ip for each in failed} == {ELSEWHERE}
    assert {each.metadata.actor for each in failed}.isdisjoint({people[Role.ENGINEER], ANONYMOUS})


@pytest.mark.usefixtures("people")
def test_many_guesses_at_once_are_decided_no_oftener_than_the_limit_and_hashed_once_each(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []

    def refuse(_self: PasswordHashes, _kept: str | None, password: str) -> bool:
        hashed.append(password)
        return False

    monkeypatch.setattr(PasswordHashes, "verify", refuse)
    service.network = ELSEWHERE

    def one(number: int) -> str:
        command = LogIn(session_id=uuid4(), email=ENGINEER, password=f"guess {number}")
        with suppress(DomainError):
            service.give(command, ANONYMOUS)
            return "decided"
        return "delayed"

    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(one, range(12)))

    assert outcomes.count("decided") == 5
    assert len(hashed) == len(set(hashed)) <= 12


@pytest.mark.usefixtures("people")
def test_the_right_password_among_guesses_that_came_too_many_does_not_let_in(service: Service) -> None:
    guess(service, times=4)
    service.network = ELSEWHERE
    commands = [
        LogIn(session_id=uuid4(), email=ENGINEER, password=f"{WRONG} {number}") for number in range(4)
    ]
    right = LogIn(session_id=uuid4(), email=ENGINEER, password=PASSWORD)

    for command in commands[:1]:
        service.give(command, ANONYMOUS)
    with pytest.raises(SignInDelayed):
        service.give(right, ANONYMOUS)
    assert service.shared.aggregates.find(Session, right.session_id) is None


def test_giving_the_password_again_is_counted_too(service: Service, people: dict[Role, UUID]) -> None:
    service.network = DESK
    session, person = service.sign_in(ENGINEER), people[Role.ENGINEER]
    wrong = Reauthenticate(session_id=session, password=WRONG)
    for _ in range(5):
        with pytest.raises(BadCredentials):
            service.attempt(wrong, person, session)

    with pytest.raises(SignInDelayed):
        service.attempt(Reauthenticate(session_id=session, password=PASSWORD), person, session)


def test_a_failed_try_repeated_under_its_key_is_refused_again(
    service: Service, people: dict[Role, UUID]
) -> None:
    session, person = service.sign_in(ENGINEER), people[Role.ENGINEER]
    wrong = Reauthenticate(session_id=session, password=WRONG)
    first = service.give(wrong, person, session, key="once")

    again = service.give(wrong, person, session, key="once")

    assert (again.repeated, again.streams) == (True, first.streams)


def test_an_administrator_lets_somebody_try_again(service: Service, people: dict[Role, UUID]) -> None:
    guess(service, times=5)

    service.give(UnlockAccount(account_id=people[Role.ENGINEER]), people[Role.ADMINISTRATOR])

    unlocked = service.happened()[-1]
    assert unlocked.topic == "sign_in_throttle.account_unlocked"
    assert unlocked.event.by == people[Role.ADMINISTRATOR]  # type: ignore[attr-defined]
    service.sign_in(ENGINEER)


def test_unlocking_who_never_failed_changes_nothing(service: Service, people: dict[Role, UUID]) -> None:
    before = len(service.topics())

    service.give(UnlockAccount(account_id=people[Role.AUDITOR]), people[Role.ADMINISTRATOR])

    assert len(service.topics()) == before


def test_only_an_administrator_unlocks_and_only_an_account_that_is_there(
    service: Service, people: dict[Role, UUID]
) -> None:
    with pytest.raises(NotPermitted):
        service.give(UnlockAccount(account_id=people[Role.ENGINEER]), people[Role.ENGINEER])
    with pytest.raises(NotFound):
        service.give(UnlockAccount(account_id=uuid4()), people[Role.ADMINISTRATOR])


@pytest.mark.usefixtures("people")
def test_a_log_in_from_a_network_not_seen_before_says_so_but_not_the_first_ever(service: Service) -> None:
    seen = []
    for network in (DESK, DESK, ELSEWHERE, DESK):
        service.network = network
        seen.append(service.state(Session, service.sign_in(ENGINEER)))

    assert [each.new_network for each in seen] == [False, False, True, False]
    assert [each.network for each in seen] == [DESK, DESK, ELSEWHERE, DESK]
    assert {each.agent for each in seen} == {"test"}


def test_all_other_sessions_end_at_once(service: Service, people: dict[Role, UUID]) -> None:
    person = people[Role.ENGINEER]
    kept, other = service.sign_in(ENGINEER), service.sign_in(ENGINEER)
    with pytest.raises(ReauthenticationRequired):
        service.give(EndSessions(account_id=person), person, kept)

    service.attempt(Reauthenticate(session_id=kept, password=PASSWORD), person, kept)
    service.give(EndSessions(account_id=person), person, kept)

    service.give(Reauthenticate(session_id=kept, password=PASSWORD), person, kept)
    with pytest.raises(DomainError, match="all sessions of this account were ended"):
        service.give(Reauthenticate(session_id=other, password=PASSWORD), person, other)


def test_an_administrator_ends_all_sessions_of_somebody_and_others_may_not(
    service: Service, people: dict[Role, UUID]
) -> None:
    session = service.sign_in(ENGINEER)
    with pytest.raises(NotPermitted):
        service.give(EndSessions(account_id=people[Role.ENGINEER]), people[Role.AUDITOR])

    service.give(EndSessions(account_id=people[Role.ENGINEER]), people[Role.ADMINISTRATOR])

    with pytest.raises(DomainError, match="all sessions of this account were ended"):
        service.give(Reauthenticate(session_id=session, password=PASSWORD), people[Role.ENGINEER], session)


def test_a_verdict_is_remembered_for_its_command_alone_and_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hashes = PasswordHashes(memory_kib=8, passes=1)
    checks, kept = PasswordChecks(hashes), hashes.make(PASSWORD)
    assert checks.verify("key", kept, PASSWORD)
    asked: list[str] = []
    monkeypatch.setattr(hashes, "verify", lambda _kept, password: asked.append(password))

    assert checks.verify("key", kept, PASSWORD)
    assert asked == []
    for number in range(_KEPT):
        checks.verify(f"key {number}", kept, WRONG)
    checks.verify("key", kept, PASSWORD)
    assert asked.count(PASSWORD) == 1


def never(*_arguments: object) -> bool:
    raise AssertionError("a password was hashed")


def since(service: Service, happening: object) -> list[str]:
    before = len(service.topics())
    happening()  # type: ignore[operator]
    return service.topics()[before:]
