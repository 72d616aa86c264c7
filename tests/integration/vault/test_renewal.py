"""What is lent is renewed in time, replaced before its last end, and kept through everything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from countersign.config.vault.custody import Custody
from countersign.config.vault.loan import new_loan
from countersign.config.vault.patient_login import PATIENCE_S
from countersign.config.vault.standing import State
from tests.integration.vault.sections import by_approle, by_token, custody, section
from tests.integration.vault.turned_clock import TurnedClock
from tests.vault_double.database import Role
from tests.vault_double.vault import Vault

RENEWAL, LOGIN = "auth/token/renew-self", "auth/approle/login"
CREDENTIALS, LEASE = "database/creds/countersign", "sys/leases/renew"


def live(held: Custody, clock: TurnedClock, seconds: float) -> None:
    """Let time pass, with the rounds that the thread would make."""
    left = seconds
    while left > 0:
        pause = min(left, held.upkeep.round())
        clock.turn(pause)
        left -= pause
    held.upkeep.round()


def test_a_token_is_renewed_before_it_ends_and_not_before_it_must(
    vault: Vault, address: str, clock: TurnedClock
) -> None:
    held = custody(by_approle(vault, address, ttl_s=100), clock)
    clock.turn(59)
    held.upkeep.round()
    assert vault.paths() == [LOGIN]

    clock.turn(1)
    held.upkeep.round()

    assert vault.paths() == [LOGIN, RENEWAL]
    assert held.standing().token_left_s == 100


def test_a_token_at_its_maximum_is_replaced_while_it_still_lives(
    vault: Vault, address: str, clock: TurnedClock
) -> None:
    held = custody(by_approle(vault, address, ttl_s=100, max_ttl_s=180), clock)
    live(held, clock, 200)

    assert vault.paths() == [LOGIN, RENEWAL, RENEWAL, RENEWAL, LOGIN]
    assert held.standing().state is State.OK


def test_a_token_that_cannot_be_renewed_is_replaced(vault: Vault, address: str, clock: TurnedClock) -> None:
    held = custody(by_approle(vault, address, ttl_s=100, renewable=False), clock)
    clock.turn(60)
    held.upkeep.round()

    assert vault.paths() == [LOGIN, LOGIN]


def test_a_token_that_was_revoked_or_has_ended_is_replaced(
    vault: Vault, address: str, clock: TurnedClock
) -> None:
    held = custody(by_approle(vault, address, ttl_s=100), clock)
    clock.turn(5_000)  # the machine slept
    held.upkeep.round()

    assert vault.paths() == [LOGIN, RENEWAL, LOGIN]
    assert held.standing().state is State.OK


def test_a_given_token_that_ends_is_told_until_there_is_another_one(
    vault: Vault, address: str, clock: TurnedClock
) -> None:
    token = {"token": vault.tokens.make(ttl_s=100, max_ttl_s=100).text}
    held = custody(by_token(address, ""), clock, credentials=token)
    clock.turn(101)
    held.upkeep.round()
    assert held.standing().state is State.REFUSED
    assert str(held.standing()).endswith("what is held ends in 0 s")

    token["token"] = vault.tokens.make(ttl_s=100).text
    held.upkeep.round()

    assert held.standing().state is State.OK
    assert held.standing().token_left_s == 100


def test_what_is_held_is_renewed_after_an_outage_by_itself(
    vault: Vault, address: str, clock: TurnedClock
) -> None:
    held = custody(by_approle(vault, address, ttl_s=100), clock)
    vault.switches.sealed = True
    clock.turn(70)
    held.upkeep.round()
    assert held.standing().token_left_s == 30

    vault.switches.sealed = False
    held.upkeep.round()

    assert held.standing().token_left_s == 100


@pytest.mark.parametrize("skew_s", [-7 * 86_400, 7 * 86_400])
def test_a_wrong_clock_of_vault_changes_nothing(
    vault: Vault, address: str, clock: TurnedClock, skew_s: float
) -> None:
    vault.switches.skew_s = skew_s
    token = vault.tokens.make(ttl_s=100)
    held = custody(by_token(address, token.text), clock)
    assert held.standing().token_left_s == 100

    clock.turn(60)
    held.upkeep.round()

    assert vault.paths() == ["auth/token/lookup-self", RENEWAL]


def test_processes_do_not_come_all_at_once() -> None:
    loan = new_loan(0.0, 100.0, renewable=True)

    assert loan.due_at(0.0) == pytest.approx(60)
    assert loan.due_at(1.0) == pytest.approx(70)


def test_a_log_in_that_was_refused_is_not_repeated_until_something_changes(
    vault: Vault, address: str, clock: TurnedClock
) -> None:
    role_id, secret_id = vault.approle.add(ttl_s=100, uses=1)
    given = {"role_id": role_id, "secret_id": secret_id}
    held = custody(section(address), clock, credentials=given)
    clock.turn(101)
    for _ in range(20):
        held.upkeep.round()
    assert vault.paths().count(LOGIN) == 2
    assert held.standing().state is State.REFUSED

    clock.turn(PATIENCE_S)
    held.upkeep.round()
    assert vault.paths().count(LOGIN) == 3
    vault.approle.roles[role_id].uses_left["a-new-one"] = None
    given["secret_id"] = "a-new-one"
    held.upkeep.round()

    assert held.standing().state is State.OK


@pytest.mark.usefixtures("database")
def test_a_lease_is_renewed_though_the_token_cannot_be_replaced(
    vault: Vault, address: str, clock: TurnedClock
) -> None:
    once = by_approle(vault, address, ttl_s=150, renewable=False, uses=1)
    held = custody(once, clock, "countersign")
    clock.turn(90)

    held.upkeep.round()

    assert vault.paths()[-2:] == [LOGIN, LEASE]
    assert held.standing().state is State.REFUSED


@pytest.fixture
def database(vault: Vault) -> None:
    vault.database.roles["countersign"] = Role(100, 250, "owner")


@pytest.mark.usefixtures("database")
def test_a_lease_is_renewed_until_its_maximum_and_then_turned_over(
    vault: Vault, address: str, clock: TurnedClock
) -> None:
    held = custody(by_approle(vault, address, ttl_s=0), clock, "countersign")
    assert held.database is not None
    first = held.database.login.user
    live(held, clock, 225)

    assert vault.paths()[1:] == [CREDENTIALS, LEASE, LEASE, LEASE, LEASE, CREDENTIALS]
    assert held.database.login.user != first
    assert vault.database.dropped == [], "connections that were opened with it may still be at work"
    live(held, clock, 26)
    assert vault.database.dropped == [first]


@pytest.mark.usefixtures("database")
def test_a_lease_that_vault_has_revoked_is_replaced_as_soon_as_the_database_refuses(
    vault: Vault, address: str, clock: TurnedClock
) -> None:
    held = custody(by_approle(vault, address), clock, "countersign")
    assert held.database is not None
    before = held.database.login.user
    vault.leases.revoke(next(iter(vault.leases.held)))
    held.upkeep.round()
    assert held.database.login.user == before

    held.doubt(held.database)
    held.upkeep.round()

    assert held.database.login.user != before


@pytest.mark.usefixtures("database")
def test_a_new_token_brings_new_credentials_since_the_old_ones_end_with_the_old_token(
    vault: Vault, address: str, clock: TurnedClock
) -> None:
    held = custody(by_approle(vault, address, ttl_s=50, max_ttl_s=50), clock, "countersign")
    assert held.database is not None
    before = held.database.login.user
    assert held.standing().database_left_s == 50

    clock.turn(30)
    held.upkeep.round()
    assert held.database.login.user != before
    clock.turn(20)
    vault.expire()

    assert vault.database.dropped == [before]


@pytest.mark.usefixtures("database")
def test_credentials_are_given_back_at_the_end(vault: Vault, address: str, clock: TurnedClock) -> None:
    held = custody(by_approle(vault, address), clock, "countersign")
    held.close()

    assert vault.database.dropped == vault.database.made != []


def test_a_log_in_reads_anew_what_its_settings_refer_to(
    vault: Vault, address: str, clock: TurnedClock, tmp_path: Path
) -> None:
    role_id, first = vault.approle.add(ttl_s=100, renewable=False, uses=1)
    second = "another-secret-id"
    vault.approle.roles[role_id].uses_left[second] = 1
    given = {"role_id": role_id, "secret_id": first}
    held = custody(section(address), clock, credentials=given)

    given["secret_id"] = second
    clock.turn(60)
    held.upkeep.round()

    assert held.standing().state is State.OK


@pytest.mark.usefixtures("database")
def test_the_database_of_the_keys_has_credentials_of_its_own(
    vault: Vault, address: str, clock: TurnedClock
) -> None:
    vault.database.roles["keys"] = Role(60, 600, "nobody")
    own = by_approle(vault, address)
    held = Custody(own, lambda name: getattr(own, name).reveal(), "countersign", clock, keys_role="keys")
    assert held.database is not None
    assert held.keys is not None
    first, second = held.database.login.user, held.keys.login.user
    assert (first.startswith("v-countersign-"), second.startswith("v-keys-")) == (True, True)
    assert held.standing().keys_left_s == 60 < held.standing().database_left_s

    vault.leases.revoke(next(lease for lease in vault.leases.held if "creds/keys" in lease))
    held.doubt(held.keys)
    held.upkeep.round()

    assert (held.database.login.user, held.keys.login.user != second) == (first, True)
