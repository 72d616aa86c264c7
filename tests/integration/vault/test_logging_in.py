"""Getting into Vault by each method, and what is said when it does not let us in."""

from __future__ import annotations

from pathlib import Path

import pytest

from countersign.config.vault.trouble import VaultRefused, VaultTrouble
from tests.integration.vault.sections import by_approle, by_token, custody, section
from tests.integration.vault.turned_clock import TurnedClock
from tests.vault_double.vault import Vault


def test_a_role_gets_a_token_that_lives_as_long_as_vault_says(
    vault: Vault, address: str, clock: TurnedClock
) -> None:
    held = custody(by_approle(vault, address, ttl_s=600), clock)

    assert held.standing().token_left_s == 600
    held.close()


def test_a_given_token_is_looked_up_and_not_revoked_at_the_end(
    vault: Vault, address: str, clock: TurnedClock
) -> None:
    token = vault.tokens.make(ttl_s=300)
    held = custody(by_token(address, token.text), clock)
    assert held.standing().token_left_s == 300

    held.close()

    assert vault.tokens.known(token.text) is token


def test_a_token_without_an_end_is_never_due(vault: Vault, address: str, clock: TurnedClock) -> None:
    held = custody(by_token(address, vault.tokens.make().text), clock)
    clock.turn(10 * 365 * 86_400)

    held.upkeep.round()

    assert "auth/token/renew-self" not in vault.paths()
    held.close()


def test_a_token_of_our_own_is_revoked_at_the_end(vault: Vault, address: str, clock: TurnedClock) -> None:
    custody(by_approle(vault, address), clock).close()

    assert vault.tokens.held == {}


def test_kubernetes_logs_in_with_the_token_of_the_pod(
    vault: Vault, address: str, clock: TurnedClock, tmp_path: Path
) -> None:
    vault.kubernetes.service_accounts["countersign"] = "header.payload.signature"
    (tmp_path / "token").write_text("header.payload.signature\n", encoding="ascii")
    pod = section(
        address,
        auth="kubernetes",
        kubernetes_role="countersign",
        kubernetes_token_file=tmp_path / "token",
    )

    held = custody(pod, clock)

    assert held.standing().token_left_s == 3600
    held.close()


def test_a_pod_without_a_token_is_told_which_file_is_missing(
    vault: Vault, address: str, clock: TurnedClock, tmp_path: Path
) -> None:
    pod = section(address, auth="kubernetes", kubernetes_token_file=tmp_path / "token")

    with pytest.raises(VaultRefused, match=r"no service account token .*/token"):
        custody(pod, clock)


def test_a_namespace_goes_along(vault: Vault, address: str, clock: TurnedClock) -> None:
    vault.namespace = "factory/north"
    role_id, secret_id = vault.approle.add()
    inside = section(address, role_id=role_id, secret_id=secret_id, namespace="factory/north")
    custody(inside, clock).close()

    with pytest.raises(VaultRefused):
        custody(section(address, role_id=role_id, secret_id=secret_id), clock)


@pytest.mark.parametrize("wrong", ["role_id", "secret_id"])
def test_a_wrong_role_or_secret_is_refused_without_being_shown(
    vault: Vault, address: str, clock: TurnedClock, wrong: str
) -> None:
    role_id, secret_id = vault.approle.add()
    given = {"role_id": role_id, "secret_id": secret_id} | {wrong: "planted-secret-4711"}

    with pytest.raises(VaultRefused, match=r"vault\.role_id and vault\.secret_id") as refusal:
        custody(section(address, **given), clock)

    assert_nothing_planted(refusal.value)


def test_a_secret_id_that_is_used_up_lets_nobody_in(vault: Vault, address: str, clock: TurnedClock) -> None:
    once = by_approle(vault, address, uses=1)
    custody(once, clock).close()

    with pytest.raises(VaultRefused):
        custody(once, clock)


def test_a_wrong_token_is_refused_without_being_shown(vault: Vault, address: str, clock: TurnedClock) -> None:
    with pytest.raises(VaultRefused, match=r"look up vault\.token") as refusal:
        custody(by_token(address, "planted-secret-4711"), clock)

    assert_nothing_planted(refusal.value)


def assert_nothing_planted(error: VaultTrouble) -> None:
    """Neither in the error nor in what it came from."""
    seen: BaseException | None = error
    while seen is not None:
        assert "planted" not in f"{seen!s}{seen!r}{vars(seen)}"
        seen = seen.__cause__ or seen.__context__
