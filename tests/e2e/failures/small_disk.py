"""A disk of its own that is soon full: a tmpfs, which takes root."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_CHUNK = bytes(1 << 16)


@dataclass(frozen=True)
class SmallDisk:
    """Where it is mounted."""

    folder: Path

    def fill(self) -> None:
        """Leave not one byte."""
        with self._filler.open("ab", buffering=0) as filler:
            size = len(_CHUNK)
            while size:
                try:
                    filler.write(_CHUNK[:size])
                except OSError as full:
                    if full.errno != errno.ENOSPC:
                        raise
                    size //= 2

    def make_room(self) -> None:
        """Somebody has thrown away what nobody needed."""
        self._filler.unlink()

    @property
    def _filler(self) -> Path:
        return self.folder / "filler"


def why_no_small_disk() -> str:
    """Why this machine cannot have one; empty when it can."""
    if os.geteuid() != 0:
        return "NOT TESTED: a small disk is a tmpfs of its own, which takes root"
    tried = subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True, text=True)
    return f"NOT TESTED: nothing may be mounted here: {tried.stderr.strip()}" if tried.returncode else ""


@contextmanager
def small_disk(folder: Path, size_bytes: int) -> Iterator[SmallDisk]:
    """Mounted while the body runs."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size_bytes}", "tmpfs", str(folder)], check=True)
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
