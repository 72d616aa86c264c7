"""The master key as Vault's transit engine encrypts it: what lies on the disk is of no use without Vault."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from countersign.config.vault.answers import part
from countersign.config.vault.trouble import VaultAway

if TYPE_CHECKING:  # hvac is not there in a minimal installation
    from countersign.config.vault.connection import VaultConnection


class TransitWrap:
    """Encrypts and decrypts under one key of a transit engine, which never leaves Vault."""

    def __init__(self, connection: VaultConnection, mount: str, key: str) -> None:
        self._connection = connection
        self._mount, self._key = mount, key

    def wrap(self, plain: bytes) -> bytes:
        """Encrypt under the latest version of the key. Raises `VaultTrouble`."""
        text = base64.b64encode(plain).decode()
        answer = self._connection.ask(
            f"encrypt with {self._mount}/{self._key}",
            lambda client: client.secrets.transit.encrypt_data(self._key, text, mount_point=self._mount),
        )
        return part(part(answer, "data", dict), "ciphertext", str).encode()

    def unwrap(self, wrapped: bytes) -> bytes:
        """Decrypt what any version of the key encrypted. Raises `VaultTrouble`."""
        answer = self._connection.ask(
            f"decrypt with {self._mount}/{self._key}",
            lambda client: client.secrets.transit.decrypt_data(
                self._key, wrapped.decode(), mount_point=self._mount
            ),
        )
        text = part(part(answer, "data", dict), "plaintext", str)
        try:
            return base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            problem = f"Vault gave an answer that is not base64 (decrypt with {self._mount}/{self._key})"
        raise VaultAway(problem)

    def rewrap(self, wrapped: bytes) -> bytes:
        """Encrypt anew under the latest version of the key, without the plain text. Raises `VaultTrouble`."""
        answer = self._connection.ask(
            f"rewrap with {self._mount}/{self._key}",
            lambda client: client.secrets.transit.rewrap_data(
                self._key, wrapped.decode(), mount_point=self._mount
            ),
        )
        return part(part(answer, "data", dict), "ciphertext", str).encode()
