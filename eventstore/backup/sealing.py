"""Files that only the holder of the backup key can read, written and read as streams.

A file begins with a line that says what it is and a header; then come chunks, each encrypted with AES-256-GCM
under a key of this file alone. The nonce of a chunk is its number, and says of the last one that it is the
last: what is left out, changed, put in another order or cut off is noticed (the STREAM construction of Hoang,
Reyhanitabar, Rogaway and Vizar, 2015).
"""

from __future__ import annotations

import hashlib
import os
from typing import Final, Protocol

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from countersign.eventstore.backup.refusals import BackupDamaged, BackupForeign

FIRST_LINE: Final = b"countersign backup 1\n"
CHUNK_BYTES: Final = 1 << 20
_LENGTH_BYTES: Final = 4
_TAG_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_HEADER_MOST: Final = 4096


class Sink(Protocol):
    """Where bytes go."""

    def write(self, content: bytes, /) -> object: ...


class Source(Protocol):
    """Where bytes come from; fewer than were asked for only at the end."""

    def read(self, size: int, /) -> bytes: ...


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in front of the chunks: which `part` of which `backup`, and the file's own key, wrapped."""

    backup: str
    part: str
    key_id: str
    wrapped: bytes


def backup_key_id(key: bytes) -> str:
    """What a backup key is called; it gives nothing away."""
    return hashlib.sha256(b"countersign backup key\0" + key).digest()[:8].hex()


class SealingSink:
    """Encrypts what is written; without `close` the file has no end and cannot be read."""

    def __init__(self, sink: Sink, key: bytes, backup: str, part: str) -> None:
        own, nonce = AESGCM.generate_key(256), os.urandom(_NONCE_BYTES)
        wrapped = nonce + AESGCM(key).encrypt(nonce, own, _place(backup, part))
        header = msgspec.json.encode(
            Header(backup=backup, part=part, key_id=backup_key_id(key), wrapped=wrapped)
        )
        self._sink = sink
        self._chunks = _Chunks(own, header)
        self._waiting = bytearray()
        sink.write(FIRST_LINE + _length(header) + header)

    def write(self, content: bytes | bytearray | memoryview) -> int:
        """Take bytes; whole chunks of them go on at once."""
        self._waiting += content
        while len(self._waiting) > CHUNK_BYTES:  # the last chunk is never empty and never written here
            self._put(bytes(self._waiting[:CHUNK_BYTES]), last=False)
            del self._waiting[:CHUNK_BYTES]
        return len(content)

    def flush(self) -> None:
        """Chunks are only written whole."""

    def close(self) -> None:
        """Write the last chunk."""
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _put(self, content: bytes, *, last: bool) -> None:
        sealed = self._chunks.seal(content, last=last)
        self._sink.write(_length(sealed) + sealed)


class SealedSource:
    """Decrypts what is read.

    Raises:
        BackupForeign: it is no such file, of another backup, or sealed under another key.
        BackupDamaged: now or while reading, that something is missing or was changed.
    """

    def __init__(self, source: Source, key: bytes, backup: str, part: str) -> None:
        self._source = source
        self._name = f"{backup}/{part}"
        header = self._header()
        if (header.backup, header.part) != (backup, part):
            raise BackupForeign(f"{self._name} is in truth {header.backup}/{header.part}: it was renamed")
        if header.key_id != backup_key_id(key):
            raise BackupForeign(
                f"{self._name} was sealed under the key {header.key_id}, and the key here is "
                f"{backup_key_id(key)}: it takes the folder of keys of the installation that made it"
            )
        self._chunks = _Chunks(self._own_key(header, key), self._header_bytes)
        self._left = b""
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        """The next bytes, all that are left for a negative size."""
        parts: list[bytes] = []
        wanted = size
        while wanted != 0 and (self._left or self._next()):
            part = self._left if wanted < 0 else self._left[:wanted]
            self._left = self._left[len(part) :]
            wanted = wanted - len(part) if wanted > 0 else wanted
            parts.append(part)
        return b"".join(parts)

    def finish(self) -> None:
        """Read on to the end, so that nothing is missing behind what was read."""
        while self._next():
            pass

    def _next(self) -> bool:
        if self._ended:
            return False
        sealed = self._exactly(self._size(CHUNK_BYTES + _TAG_BYTES))
        try:
            self._left, self._ended = self._chunks.open(sealed)
        except InvalidTag:
            changed = f"it was changed in chunk {self._chunks.number}, or cut off behind it"
            raise BackupDamaged(f"{self._name} is damaged: {changed}") from None
        if self._ended and self._source.read(1):
            raise BackupDamaged(f"{self._name} is damaged: something was added behind its end")
        return bool(self._left) or not self._ended

    def _header(self) -> Header:
        if self._source.read(len(FIRST_LINE)) != FIRST_LINE:
            raise BackupForeign(f"{self._name} is no file of a Countersign backup that this version can read")
        self._header_bytes = self._exactly(self._size(_HEADER_MOST))
        try:
            return msgspec.json.decode(self._header_bytes, type=Header)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise BackupDamaged(f"{self._name} is damaged: its header cannot be read") from None

    def _own_key(self, header: Header, key: bytes) -> bytes:
        nonce, wrapped = header.wrapped[:_NONCE_BYTES], header.wrapped[_NONCE_BYTES:]
        try:
            return AESGCM(key).decrypt(nonce, wrapped, _place(header.backup, header.part))
        except (InvalidTag, ValueError):
            raise BackupDamaged(f"{self._name} is damaged: its key does not open") from None

    def _size(self, most: int) -> int:
        size = int.from_bytes(self._exactly(_LENGTH_BYTES), "big")
        if size > most:
            raise BackupDamaged(f"{self._name} is damaged: it names a length of {size} bytes")
        return size

    def _exactly(self, size: int) -> bytes:
        found = self._source.read(size)
        while 0 < len(found) < size and (more := self._source.read(size - len(found))):
            found += more
        if len(found) != size:
            raise BackupDamaged(f"{self._name} is damaged: it ends too early")
        return found


class _Chunks:
    def __init__(self, key: bytes, header: bytes) -> None:
        self._cipher = AESGCM(key)
        self._associated = hashlib.sha256(header).digest()
        self.number = 0

    def seal(self, content: bytes, *, last: bool) -> bytes:
        self.number += 1
        return self._cipher.encrypt(self._nonce(last=last), content, self._associated)

    def open(self, sealed: bytes) -> tuple[bytes, bool]:
        self.number += 1
        # Only the last chunk may be short, so that a full one is tried as a middle one first.
        full = len(sealed) == CHUNK_BYTES + _TAG_BYTES
        try:
            return self._cipher.decrypt(self._nonce(last=not full), sealed, self._associated), not full
        except InvalidTag:
            if not full:
                raise
            return self._cipher.decrypt(self._nonce(last=True), sealed, self._associated), True

    def _nonce(self, *, last: bool) -> bytes:
        return bytes(6) + bytes([last]) + self.number.to_bytes(5, "big")


def _place(backup: str, part: str) -> bytes:
    return f"{backup}/{part}".encode()


def _length(content: bytes) -> bytes:
    return len(content).to_bytes(_LENGTH_BYTES, "big")
