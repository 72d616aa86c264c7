"""Whether hvac is there, which a minimal installation does not bring."""

from __future__ import annotations

from importlib.util import find_spec

from countersign.config.vault.trouble import VaultTrouble


def require_hvac() -> None:
    """Raises `VaultTrouble` with what to install."""
    if find_spec("hvac") is None:
        raise VaultTrouble(
            'vault.address is set, but hvac is not installed: pip install "countersign-server[standard]"'
        )
