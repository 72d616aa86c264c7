"""Stream ids made from personal values: found by the value, guessed by nobody, kept by erasure."""

from __future__ import annotations

import hmac
import json
from uuid import UUID


class PrivateIds:
    """HMAC-SHA-256 of a kind and a value under a key outside the log, cut to a UUID."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def id_of(self, kind: str, value: str) -> UUID:
        """The id for a value that the caller has normalised."""
        return UUID(bytes=self.digest(json.dumps([kind, value]).encode())[:16])

    def digest(self, message: bytes) -> bytes:
        """A keyed digest: of a command's body, which may hold a password that must not be guessable."""
        return hmac.digest(self._key, message, "sha256")
