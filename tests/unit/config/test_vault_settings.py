"""Settings and log lines where Vault comes in."""

from __future__ import annotations

import importlib.util
from importlib.machinery import ModuleSpec

import pytest

from countersign.config.layers import load_settings
from countersign.config.log_masking import Masking
from countersign.config.mistakes import ConfigurationInvalid
from countersign.config.secret import MASK

TOKEN = "hvs.CAESIJ" + "x1_-" * 20


@pytest.mark.parametrize("kind", ["hvs", "hvb", "hvr"])
def test_a_token_of_vault_is_masked_wherever_it_stands_in_a_line(kind: str) -> None:
    token = TOKEN.replace("hvs", kind)

    assert Masking([]).text(f"answered with {token}, twice") == f"answered with {MASK}, twice"
    assert Masking([]).field("answer", {"given": [token]}) == {"given": [MASK]}


def test_there_is_no_vault_unless_it_is_named() -> None:
    settings = load_settings({})

    assert not settings.vault.address
    assert settings.keys.master == "file"


def test_a_reference_into_a_vault_that_is_not_configured_is_a_mistake() -> None:
    with pytest.raises(ConfigurationInvalid, match="name its address and log-in in the section vault"):
        load_settings(
            {"COUNTERSIGN_SMTP__USER": "a", "COUNTERSIGN_SMTP__PASSWORD": "vault:secret/mail#password"}
        )


def test_a_minimal_installation_says_what_a_vault_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec

    def without_hvac(name: str, package: str | None = None) -> ModuleSpec | None:
        return None if name == "hvac" else found(name, package)

    monkeypatch.setattr("countersign.config.vault.driver.find_spec", without_hvac)

    with pytest.raises(ConfigurationInvalid, match=r"hvac is not installed: pip install"):
        load_settings(
            {
                "COUNTERSIGN_VAULT__ADDRESS": "http://127.0.0.1:9",
                "COUNTERSIGN_VAULT__ROLE_ID": "a",
                "COUNTERSIGN_VAULT__SECRET_ID": "b",
                "COUNTERSIGN_SMTP__USER": "a",
                "COUNTERSIGN_SMTP__PASSWORD": "vault:secret/mail#password",
            }
        )


def test_secrets_of_the_log_in_are_known_to_the_masking() -> None:
    settings = load_settings(
        {
            "COUNTERSIGN_VAULT__ADDRESS": "http://127.0.0.1:9",
            "COUNTERSIGN_VAULT__ROLE_ID": "planted-role",
            "COUNTERSIGN_VAULT__SECRET_ID": "planted-secret",
        }
    )

    text = Masking(settings.secrets()).text("planted-role planted-secret")

    assert text == f"{MASK} {MASK}"
    assert "planted" not in repr(settings)
