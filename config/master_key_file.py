"""The file of the master key: the key as it is, or as Vault's transit engine encrypted it.

While it is being exchanged there are two, a line each: the one before and the new one.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Final

from countersign.config.private_files import KeyFilesError, sync_folder, write_private

KEY_BYTES: Final = 32
_WRAPPED: Final = b"vault:v"  # how a ciphertext of the transit engine begins

Change = Callable[[bytes], bytes]
"""Encrypts a key, or decrypts it."""


def symmetric_key(path: Path) -> bytes:
    """A key that lies in its file as it is. Raises `KeyFilesError` for a damaged one."""
    return _plain(path, path.read_bytes().strip())


def master_keys(path: Path, unwrap: Change | None) -> tuple[bytes, ...]:
    """The master key, or the two of an exchange; `unwrap` decrypts where the settings say it is encrypted.

    Raises:
        KeyFilesError: one is damaged, or not in the form that the settings say.
    """
    if unwrap is None and is_wrapped(path):
        raise KeyFilesError(f"{path} is encrypted by Vault: set keys.master to transit")
    if unwrap is not None and not is_wrapped(path):
        raise KeyFilesError(
            f"{path} is not encrypted by Vault: run `countersign keys wrap-master`, or set keys.master: file"
        )
    lines = path.read_bytes().split()
    if len(lines) not in (1, 2):
        raise KeyFilesError(f"{path} is damaged: it holds {len(lines)} lines, not one key or two")
    return tuple(_whole(path, unwrap(line)) if unwrap else _plain(path, line) for line in lines)


class MasterKeyFile:
    """The keys of the file as they are now: read again only when it is another one than before."""

    def __init__(self, path: Path, unwrap: Change | None) -> None:
        self._path, self._unwrap = path, unwrap
        self._seen: tuple[int, int] | None = None
        self._keys: tuple[bytes, ...] = ()

    def keys(self) -> tuple[bytes, ...]:
        """The key, or the two of an exchange. Raises `KeyFilesError`."""
        found = self._path.stat()
        if (found.st_ino, found.st_mtime_ns) != self._seen:
            self._keys = master_keys(self._path, self._unwrap)
            self._seen = (found.st_ino, found.st_mtime_ns)
        return self._keys


def is_wrapped(path: Path) -> bool:
    """Whether Vault has encrypted it."""
    return path.read_bytes().startswith(_WRAPPED)


def exchange(path: Path, content: bytes) -> None:
    """Put other content into the file: after a crash it holds the one or the other."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)  # left by a crash
    write_private(draft, content + b"\n")
    draft.replace(path)
    sync_folder(path.parent)


def line_of(key: bytes, wrap: Change | None, unwrap: Change | None) -> bytes:
    """How a key stands in the file. Raises `KeyFilesError` where what `wrap` made does not open again."""
    if wrap is None or unwrap is None:
        return base64.b64encode(key)
    wrapped = wrap(key)
    if unwrap(wrapped) != key:
        raise KeyFilesError("what Vault encrypted does not open again")
    return wrapped


def _plain(path: Path, line: bytes) -> bytes:
    try:
        key = base64.b64decode(line, validate=True)
    except ValueError as error:
        raise KeyFilesError(f"{path} is damaged: it is not base64") from error
    return _whole(path, key)


def _whole(path: Path, key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise KeyFilesError(f"{path} is damaged: it holds {len(key)} bytes, not {KEY_BYTES}")
    return key
