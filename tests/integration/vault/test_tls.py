"""Vault has to prove who it is."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from countersign.config.vault.trouble import VaultAway
from tests.authority import Authority
from tests.integration.vault.sections import custody, section
from tests.integration.vault.turned_clock import TurnedClock
from tests.vault_double.server import serving
from tests.vault_double.vault import Vault


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def address(vault: Vault, authority: Authority, tmp_path: Path) -> Iterator[str]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.write(tmp_path / "vault.pem", authority.certificate("localhost")))
    with serving(vault, tls=context) as address:
        yield address


def test_a_vault_that_the_named_authority_vouches_for_is_believed(
    vault: Vault, address: str, authority: Authority, clock: TurnedClock, tmp_path: Path
) -> None:
    role_id, secret_id = vault.approle.add()
    root = str(authority.write_root(tmp_path / "root.pem"))

    held = custody(section(address, role_id=role_id, secret_id=secret_id, ca_file=root), clock)

    assert held.standing().token_left_s == 3600
    held.close()


def test_a_vault_that_nobody_vouches_for_gets_no_secret(
    vault: Vault, address: str, clock: TurnedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere")
    role_id, secret_id = vault.approle.add()

    with pytest.raises(VaultAway, match="SSLError"):
        custody(section(address, role_id=role_id, secret_id=secret_id), clock)
    assert vault.calls == []


def test_a_vault_of_another_name_gets_no_secret(
    vault: Vault, address: str, authority: Authority, clock: TurnedClock, tmp_path: Path
) -> None:
    role_id, secret_id = vault.approle.add()
    root = str(authority.write_root(tmp_path / "root.pem"))
    other = address.replace("localhost", "127.0.0.1")

    with pytest.raises(VaultAway, match="SSLError"):
        custody(section(other, role_id=role_id, secret_id=secret_id, ca_file=root), clock)
    assert vault.calls == []


def test_a_ca_file_that_is_not_there_is_told_at_the_start(
    vault: Vault, address: str, clock: TurnedClock
) -> None:
    with pytest.raises(VaultAway, match=r"vault\.ca_file"):
        custody(section(address, ca_file="/nowhere/ca.pem"), clock)
