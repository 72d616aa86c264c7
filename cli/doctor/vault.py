"""Whether Vault lets us in, and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import Final

from countersign.cli.doctor.finding import Finding, failed, ok, warning
from countersign.cli.vault_custody import vault_custody
from countersign.config.settings import Settings
from countersign.config.vault.trouble import VaultSealed, VaultTrouble

_DAY_S: Final = 86_400
_SHORTEST_LEASE_S: Final = 600


def vault(settings: Settings) -> Iterator[Finding]:
    """Log in as the service does, and give everything back."""
    if not settings.vault.address:
        yield ok("vault", "not configured: secrets come from settings, variables and files")
        return
    try:
        with vault_custody(settings) as custody:
            standing = custody.standing() if custody else None
    except VaultSealed as sealed:
        yield failed(
            "vault", str(sealed), "Have it unsealed; what runs goes on with what it holds meanwhile."
        )
        return
    except VaultTrouble as trouble:
        remedy = "Start it or mend the section vault; see Vault in docs/runbook.md."
        yield failed("vault", str(trouble), remedy)
        return
    if standing is None:
        return
    yield ok("vault", f"{settings.vault.address} lets us in; the token {_lives(standing.token_left_s)}")
    yield from _concerns(settings, standing.token_left_s, min(standing.database_left_s, standing.keys_left_s))


def _concerns(settings: Settings, token_left_s: float, database_left_s: float) -> Iterator[Finding]:
    if settings.vault.auth == "token" and token_left_s < _DAY_S:
        remedy = (
            "Renewing it may not be enough: log in by AppRole, or have vault.token exchanged in its file."
        )
        yield warning("vault token", f"vault.token {_lives(token_left_s)}", remedy)
    if database_left_s < _SHORTEST_LEASE_S:
        remedy = "Raise default_ttl and max_ttl of the role: connections change with every lease."
        yield warning("vault database", f"its credentials live for {round(database_left_s)} s only", remedy)
    if not settings.vault.address.startswith("https://") or not settings.vault.verify:
        remedy = "Let vault.address begin with https:// and vault.verify be true."
        yield warning("vault TLS", "nobody has proved to be this Vault", remedy)


def _lives(left_s: float) -> str:
    return "has no end" if left_s == inf else f"ends in {round(left_s)} s"
