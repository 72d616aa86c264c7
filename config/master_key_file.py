"""The file of the master key: the key as it is, or as Vault's transit engine encrypted it."""

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
    try:
        key = base64.b64decode(path.read_bytes().strip(), validate=True)
    except ValueError as error:
        raise KeyFilesError(f"{path} is damaged: it is not base64") from error
    return _whole(path, key)


def master_key(path: Path, unwrap: Change | None) -> bytes:
    """The master key; `unwrap` decrypts it where the settings say that it is encrypted.

    Raises:
        KeyFilesError: it is damaged, or not in the form that the settings say.
    """
    if unwrap is None:
        if is_wrapped(path):
            raise KeyFilesError(f"{path} is encrypted by Vault: set keys.master to transit")
        return symmetric_key(path)
    if not is_wrapped(path):
        raise KeyFilesError(
            f"{path} is not encrypted by Vault: run `countersign keys wrap-master`, or set keys.master: file"
        )
    return _whole(path, unwrap(path.read_bytes().strip()))


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


def _whole(path: Path, key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise KeyFilesError(f"{path} is damaged: it holds {len(key)} bytes, not {KEY_BYTES}")
    return key
