"""The transit engine: https://developer.hashicorp.com/vault/api-docs/secret/transit (encrypt to rewrap).

AES-256-GCM; a ciphertext names the version of its key: `vault:v1:...`.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.vault_double.refusal import Refused


@dataclass
class Transit:
    keys: dict[str, list[AESGCM]] = field(default_factory=dict)
    oldest_usable: dict[str, int] = field(default_factory=dict)

    def rotate(self, name: str) -> None:
        """A new version of a key, or its first."""
        self.keys.setdefault(name, []).append(AESGCM(AESGCM.generate_key(256)))

    def encrypt(self, name: str, plaintext: str) -> str:
        versions = self._versions(name)
        nonce = os.urandom(12)
        sealed = nonce + versions[-1].encrypt(nonce, base64.b64decode(plaintext), None)
        return f"vault:v{len(versions)}:{base64.b64encode(sealed).decode()}"

    def decrypt(self, name: str, ciphertext: str) -> str:
        versions = self._versions(name)
        _, _, rest = ciphertext.partition("vault:v")
        number, _, content = rest.partition(":")
        if not number.isdigit() or not 1 <= int(number) <= len(versions):
            raise Refused(400, "invalid ciphertext: no prefix")
        if int(number) < self.oldest_usable.get(name, 1):
            raise Refused(400, "ciphertext or signature version is disallowed by policy (too old)")
        sealed = base64.b64decode(content)
        try:
            plain = versions[int(number) - 1].decrypt(sealed[:12], sealed[12:], None)
        except InvalidTag:
            raise Refused(400, "cipher: message authentication failed") from None
        return base64.b64encode(plain).decode()

    def rewrap(self, name: str, ciphertext: str) -> str:
        return self.encrypt(name, self.decrypt(name, ciphertext))

    def _versions(self, name: str) -> list[AESGCM]:
        if name not in self.keys:
            raise Refused(400, "encryption key not found")
        return self.keys[name]
