"""References into Vault lead to values, or to a sentence that names the place and not the value."""

from __future__ import annotations

import pytest

from countersign.config.vault.secrets import VaultSecrets
from countersign.config.vault.trouble import VaultTrouble
from tests.integration.vault.sections import by_approle, custody
from tests.integration.vault.turned_clock import TurnedClock
from tests.vault_double.vault import Vault


@pytest.fixture
def secrets(vault: Vault, address: str, clock: TurnedClock) -> VaultSecrets:
    vault.kv.write("app/db", {"password": "planted-one", "port": 5432, "empty": ""})
    vault.kv.write("app/db", {"password": "planted-two", "user": "ada"})
    return VaultSecrets(custody(by_approle(vault, address), clock).connection)


def test_the_latest_version_is_read(secrets: VaultSecrets) -> None:
    assert secrets("secret/app/db#password") == "planted-two"


def test_a_version_can_be_named(secrets: VaultSecrets) -> None:
    assert secrets("secret/app/db?version=1#password") == "planted-one"


def test_two_keys_of_a_secret_are_of_one_version(vault: Vault, secrets: VaultSecrets) -> None:
    assert secrets("secret/app/db#user") == "ada"
    vault.kv.write("app/db", {"password": "planted-three", "user": "grace"})

    assert secrets("secret/app/db#password") == "planted-two"


@pytest.mark.parametrize(
    ("place", "says"),
    [
        (
            "secret/app/nothing#password",
            "there is no secret/app/nothing, or it was destroyed: write it with `vault kv put",
        ),
        ("secret/app/db?version=9#password", "there is no version 9 of secret/app/db"),
        ("secret/app/db#pasword", "secret/app/db has no key 'pasword'; it has password, user"),
        ("secret/app/db?version=1#port", "the key 'port' of secret/app/db holds no text"),
        ("secret/app/db?version=1#empty", "the key 'empty' of secret/app/db holds no text"),
        ("secret#password", "expected vault:mount/path#key"),
        ("secret/app/db", "expected vault:mount/path#key"),
        ("secret/../sys/mounts#x", "expected vault:mount/path#key"),
        ("secret/app/db?version=0#password", "expected vault:mount/path#key"),
    ],
)
def test_a_place_that_holds_nothing_is_named(secrets: VaultSecrets, place: str, says: str) -> None:
    with pytest.raises(VaultTrouble) as trouble:
        secrets(place)

    assert says in str(trouble.value)
    assert "planted" not in str(trouble.value)


def test_a_deleted_version_is_told_with_the_way_back(vault: Vault, secrets: VaultSecrets) -> None:
    vault.kv.delete("app/db")

    with pytest.raises(VaultTrouble, match=r"secret/app/db was deleted: undelete it"):
        secrets("secret/app/db#password")
    assert secrets("secret/app/db?version=1#password") == "planted-one"


def test_a_destroyed_version_is_told(vault: Vault, secrets: VaultSecrets) -> None:
    vault.kv.destroy("app/db", 2)

    with pytest.raises(VaultTrouble, match=r"there is no secret/app/db, or it was destroyed"):
        secrets("secret/app/db#password")

    vault.kv.delete("app/db")
    with pytest.raises(VaultTrouble, match=r"secret/app/db was destroyed"):
        secrets("secret/app/db#password")
