"""The keys of API clients: made from the client, the number of the key and a secret of the service."""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from countersign.commands.token_text import token_text

BEGINNING: Final = "cs_"
_FORM: Final = re.compile(rf"{BEGINNING}([a-z2-7]{{12}})_([A-Za-z0-9_-]{{43}})", re.ASCII)
_PREFIX_BYTES: Final = 8  # the last ones, which are random in a UUID of any version


@dataclass(frozen=True, slots=True)
class PresentedKey:
    """What a caller shows: whose key it is, and the secret that proves it."""

    prefix: str
    secret: str = field(repr=False)


class ApiKeys:
    """Makes keys and their digests.

    Nothing secret is stored: a command that is repeated can be answered with the same key again, and the log
    holds a keyed digest, which is of no use without the secret of the service.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def key(self, prefix: str, number: int) -> str:
        """The whole text of a client's key; its first has the number 1."""
        return f"{BEGINNING}{prefix}_{self._secret(prefix, number)}"

    def hash_of_key(self, prefix: str, number: int) -> str:
        """The digest by which the service will know that key."""
        return self.hash_of(self._secret(prefix, number))

    def hash_of(self, secret: str) -> str:
        """The digest of a secret that somebody shows."""
        return hmac.digest(self._key, b"digest" + secret.encode(), "sha256").hex()

    def _secret(self, prefix: str, number: int) -> str:
        made_of = b"secret" + prefix.encode() + number.to_bytes(4)
        return token_text(hmac.digest(self._key, made_of, "sha256"))


def prefix_for(seed: UUID) -> str:
    """The prefix of a new client's keys: the same again for the same seed."""
    return b32encode(seed.bytes[-_PREFIX_BYTES:]).decode().lower()[:12]


def read_key(text: str) -> PresentedKey | None:
    """A key taken apart; None when it is not of the form of one."""
    match = _FORM.fullmatch(text)
    return None if match is None else PresentedKey(match[1], match[2])
