"""The section vault as a test needs it, and what stands on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from countersign.config.secret import Secret
from countersign.config.vault.custody import Custody
from countersign.config.vault.section import Vault as Section
from tests.integration.vault.turned_clock import TurnedClock
from tests.vault_double.vault import Vault


def section(address: str, **settings: Any) -> Section:
    """With texts in place of secrets."""
    usual: dict[str, Any] = {
        "address": address,
        "namespace": "",
        "auth": "approle",
        "auth_mount": "",
        "token": "",
        "role_id": "",
        "secret_id": "",
        "kubernetes_role": "",
        "kubernetes_token_file": Path("/nowhere"),
        "ca_file": "",
        "verify": True,
        "timeout_s": 1.0,
        "check_s": 15.0,
        "database_mount": "database",
        "transit_mount": "transit",
        "transit_key": "countersign",
    }
    chosen = usual | settings
    for name in ("token", "role_id", "secret_id"):
        chosen[name] = Secret(chosen[name])
    return Section(**chosen)


def custody(
    section: Section, clock: TurnedClock, database_role: str = "", credentials: dict[str, str] | None = None
) -> Custody:
    """By a clock that the test turns, and without chance; its thread is not started."""
    given = {name: getattr(section, name).reveal() for name in ("token", "role_id", "secret_id")}
    now = given if credentials is None else credentials
    return Custody(section, lambda name: now[name], database_role, clock, lambda: 0.0)


def by_approle(vault: Vault, address: str, **terms: Any) -> Section:
    """A role made for this test, and the settings to log in as it."""
    role_id, secret_id = vault.approle.add(**terms)
    return section(address, role_id=role_id, secret_id=secret_id)


def by_token(address: str, text: str) -> Section:
    return section(address, auth="token", token=text)
