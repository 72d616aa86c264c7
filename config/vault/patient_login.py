"""Logging in again and again with what Vault has refused would lock the role out, for all processes."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Final

from countersign.config.vault.connection import VaultConnection
from countersign.config.vault.logins import Credential, Token, log_in
from countersign.config.vault.section import Vault
from countersign.config.vault.trouble import VaultRefused

PATIENCE_S: Final = 300.0
_CREDENTIALS: Final = {"token": ("token",), "approle": ("role_id", "secret_id")}


class PatientLogin:
    """Logs in; what was refused is tried again after a while, or at once when it has been exchanged."""

    def __init__(
        self,
        connection: VaultConnection,
        section: Vault,
        credential: Credential,
        clock: Callable[[], float],
    ) -> None:
        self._connection, self._section, self._credential = connection, section, credential
        self._clock = clock
        self._refused: tuple[bytes, float, str] | None = None

    def __call__(self) -> Token:
        """See `log_in`."""
        used = self._fingerprint()
        if self._refused is not None:
            refused, until, why = self._refused
            if used == refused and self._clock() < until:
                raise VaultRefused(why)
        try:
            token = log_in(self._connection, self._section, self._credential)
        except VaultRefused as error:
            self._refused = used, self._clock() + PATIENCE_S, str(error)
            raise
        self._refused = None
        return token

    def _fingerprint(self) -> bytes:
        names = _CREDENTIALS.get(self._section.auth, ())
        return sha256("\0".join(self._credential(name) for name in names).encode()).digest()
