"""What must hold between the settings of Vault and those of what is kept there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from countersign.config.settings import Settings

_NEEDED: Final = {
    "token": ("token",),
    "approle": ("role_id", "secret_id"),
    "kubernetes": ("kubernetes_role",),
}


def vault_rules(settings: Settings) -> Iterator[tuple[str, str]]:
    """The path of each setting that is wrong, and what was expected."""
    if not settings.vault.address:
        yield from _without_vault(settings)
        return
    if settings.database.vault_role and not settings.database.url:
        yield "database.vault_role", "expected empty, since database.url is empty (SQLite)"
    if settings.database.keys_vault_role and not settings.database.keys_url:
        yield "database.keys_vault_role", "expected empty, since database.keys_url is empty"
    for name in _NEEDED[settings.vault.auth]:
        if not getattr(settings.vault, name):
            yield f"vault.{name}", f"expected a value, since vault.auth is {settings.vault.auth}"
    if settings.environment == "production":
        yield from _in_production(settings)


def _without_vault(settings: Settings) -> Iterator[tuple[str, str]]:
    for name in ("vault_role", "keys_vault_role"):
        if getattr(settings.database, name):
            yield f"database.{name}", "expected empty, since vault.address is empty"
    if settings.keys.master == "transit":
        yield "keys.master", "expected file, since vault.address is empty"


def _in_production(settings: Settings) -> Iterator[tuple[str, str]]:
    if not settings.vault.address.startswith("https://"):
        yield "vault.address", "expected https:// in production: secrets would cross the network readable"
    if not settings.vault.verify:
        yield "vault.verify", "expected true in production: else anybody could pass for Vault"
