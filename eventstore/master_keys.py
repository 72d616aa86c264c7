"""The keys that wrap those of people: one in use and, while it is being exchanged, the one before it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from countersign.eventstore.outage import DatabaseUnavailable

_NONCE_BYTES: Final = 12
_ID_BYTES: Final = 8
_SEALED_BYTES: Final = _NONCE_BYTES + 32 + 16
_NAMES_ITS_KEY: Final = b"\x01"


class MasterKeyMissing(DatabaseUnavailable):
    """A key of a person is wrapped by a master key that this machine does not have yet."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"master.key has no key {key_id}: copy the file from the machine that has it")


def master_key_id(key: bytes) -> str:
    """What a master key is called in the register and in the log of events; it gives nothing away."""
    return hashlib.sha256(b"countersign master key\0" + key).digest()[:_ID_BYTES].hex()


def wrapped_by(key_id: str) -> bytes:
    """How everything begins that was wrapped by this key since there was more than one."""
    return _NAMES_ITS_KEY + bytes.fromhex(key_id)


class MasterKeys:
    """The ring: `read` gives the keys as they are now, for one that came while the process ran.

    What the first key of an installation wrapped does not name it, until another has followed.
    """

    def __init__(self, *keys: bytes, read: Callable[[], Sequence[bytes]] | None = None) -> None:
        self._read = read or (lambda: keys)
        self._first = AESGCM(keys[0])
        self._known = {master_key_id(key): AESGCM(key) for key in keys}

    def wrap(self, key_id: str | None, subject: UUID, plain: bytes) -> bytes:
        """Wrap a person's key under the one of that id, or under the first where none has followed yet.

        Raises:
            MasterKeyMissing: that key is not here.
        """
        nonce = os.urandom(_NONCE_BYTES)
        if key_id is None:
            return nonce + self._first.encrypt(nonce, plain, subject.bytes)
        if not self.has(key_id):
            raise MasterKeyMissing(key_id)
        return wrapped_by(key_id) + nonce + self._known[key_id].encrypt(nonce, plain, subject.bytes)

    def unwrap(self, subject: UUID, wrapped: bytes) -> bytes:
        """A person's key, whichever of the ring wrapped it.

        Raises:
            MasterKeyMissing: it names one that is not here.
            InvalidTag: it names none and the first does not open it, or it was changed.
        """
        if len(wrapped) == _SEALED_BYTES:
            return _opened(self._first, subject, wrapped)
        key_id, sealed = wrapped[1 : 1 + _ID_BYTES].hex(), wrapped[1 + _ID_BYTES :]
        if not self.has(key_id):
            raise MasterKeyMissing(key_id)
        return _opened(self._known[key_id], subject, sealed)

    def has(self, key_id: str) -> bool:
        """Whether the key of that id is here, or has come meanwhile."""
        if key_id not in self._known:
            self._known.update((master_key_id(key), AESGCM(key)) for key in self._read())
        return key_id in self._known


def _opened(key: AESGCM, subject: UUID, sealed: bytes) -> bytes:
    return key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], subject.bytes)
