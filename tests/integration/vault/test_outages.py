"""A Vault that is sealed, away or out of its mind: told in plain words, and never with what it said."""

from __future__ import annotations

import socket

import pytest

from countersign.config.vault.custody import Custody
from countersign.config.vault.secrets import VaultSecrets
from countersign.config.vault.standing import State
from countersign.config.vault.trouble import VaultAway, VaultRefused, VaultSealed
from tests.integration.vault.sections import by_approle, custody, section
from tests.integration.vault.turned_clock import TurnedClock
from tests.vault_double.server import serving
from tests.vault_double.vault import Vault


@pytest.fixture
def held(vault: Vault, address: str, clock: TurnedClock) -> Custody:
    vault.kv.write("countersign", {"key": "value"})
    return custody(by_approle(vault, address), clock)


def read(held: Custody) -> str:
    return VaultSecrets(held.connection)("secret/countersign#key")


def test_nothing_starts_with_a_sealed_vault(vault: Vault, address: str, clock: TurnedClock) -> None:
    vault.switches.sealed = True

    with pytest.raises(VaultSealed, match=r"is sealed: unseal it with `vault operator unseal`"):
        custody(by_approle(vault, address), clock)


def test_nothing_starts_with_a_vault_that_was_never_set_up(
    vault: Vault, address: str, clock: TurnedClock
) -> None:
    vault.switches.initialised = False

    with pytest.raises(VaultAway, match="vault operator init"):
        custody(by_approle(vault, address), clock)


def test_nothing_starts_where_nobody_listens(clock: TurnedClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}"

    with pytest.raises(VaultAway, match=f"Vault at {address} cannot be reached"):
        custody(section(address), clock)


def test_a_standby_is_as_good_as_any(vault: Vault, held: Custody) -> None:
    vault.switches.standby = True

    assert read(held) == "value"
    held.connection.require_unsealed()


def test_a_vault_that_is_sealed_later_says_so(vault: Vault, held: Custody) -> None:
    vault.switches.sealed = True

    with pytest.raises(VaultSealed):
        read(held)


@pytest.mark.parametrize("status", [500, 502, 429, 412, 418, 307])
def test_an_error_of_vault_is_an_outage(vault: Vault, held: Custody, status: int) -> None:
    vault.switches.status = status

    with pytest.raises(VaultAway, match=r"\(read secret/countersign\)"):
        read(held)


def test_a_policy_that_forbids_is_told_with_what_was_asked_for(vault: Vault, held: Custody) -> None:
    vault.switches.denied = ("secret/",)

    with pytest.raises(VaultRefused, match=r"refuses to read secret/countersign: .*policies"):
        read(held)


def test_a_cut_connection_is_an_outage(vault: Vault, held: Custody) -> None:
    vault.switches.cut = True

    with pytest.raises(VaultAway, match="cannot be reached"):
        read(held)


def test_a_token_does_not_go_where_an_answer_points(vault: Vault, held: Custody, clock: TurnedClock) -> None:
    elsewhere = Vault(clock)
    with serving(elsewhere) as there:
        vault.switches.redirect = there
        with pytest.raises(VaultAway):
            read(held)

    assert elsewhere.calls == []


def test_a_vault_that_does_not_answer_in_time_is_an_outage(
    vault: Vault, address: str, clock: TurnedClock
) -> None:
    role_id, secret_id = vault.approle.add()
    held = custody(section(address, role_id=role_id, secret_id=secret_id, timeout_s=0.1), clock)
    vault.switches.slow_s = 0.4

    with pytest.raises(VaultAway, match=r"cannot be reached \(ReadTimeout"):
        read(held)


@pytest.mark.parametrize(
    "garbage",
    [
        b"<html>planted-secret-4711</html>",
        b"[]",
        b"null",
        b'"planted-secret-4711"',
        b'{"data": "planted-secret-4711"}',
        b'{"data": {"data": "planted-secret-4711"}}',
        b'{"errors": {"planted-secret-4711": 1}}',
        b"\xff\xfe",
        b"",
    ],
)
@pytest.mark.parametrize("status", [0, 500, 403])
def test_what_is_no_answer_of_vault_is_an_outage_and_is_not_repeated(
    vault: Vault, held: Custody, garbage: bytes, status: int
) -> None:
    vault.switches.garbage, vault.switches.status = garbage, status

    with pytest.raises(Exception) as trouble:  # noqa: PT011 - its kind is looked at below
        read(held)

    assert type(trouble.value).__module__ == "countersign.config.vault.trouble"
    assert "planted" not in f"{trouble.value}{trouble.value!r}{trouble.value.__context__!r}"


def test_the_process_goes_on_through_an_outage_and_says_when_it_is_over(
    vault: Vault, held: Custody, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    vault.switches.sealed = True
    pauses = [held.upkeep.round() for _ in range(8)]
    sealed = held.standing()
    vault.switches.sealed = False
    held.upkeep.round()

    assert pauses == [0.25, 0.5, 1.0, 2.0, 4.0, 7.5, 7.5, 7.5]
    assert sealed.state is State.SEALED
    assert str(sealed).startswith("sealed: Vault at http://localhost:")
    assert held.standing().state is State.OK
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


def test_a_bug_in_the_upkeep_does_not_end_it_and_is_not_quoted(
    held: Custody, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down() -> None:
        raise ZeroDivisionError("planted-secret-4711")

    monkeypatch.setattr(held.upkeep, "_look", break_down)

    assert held.upkeep.round() == 0.25
    assert held.standing().says == "the upkeep of Vault met a bug: ZeroDivisionError"
    assert "planted" not in caplog.text
