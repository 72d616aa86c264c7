"""Files that only their owner may read, written so that a crash leaves them whole or not there."""

from __future__ import annotations

import os
from pathlib import Path


class KeyFilesError(Exception):
    """The key files cannot be used or made; the message says what to do."""


def write_private(path: Path, content: bytes) -> None:
    """Write a new file for its owner alone, and wait until it is on the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
