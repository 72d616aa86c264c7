"""A rotating log file that several processes write."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path


class SharedLogFile(RotatingFileHandler):
    """Rotates under a lock of the file's own, and notices when another process has rotated.

    The standard handler loses lines here: each process renames the file of the others.
    """

    def __init__(self, path: Path, max_bytes: int, backups: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._gate = path.with_name(f"{path.name}.lock")
        super().__init__(path, maxBytes=max_bytes, backupCount=backups, encoding="utf-8")

    def emit(self, record: logging.LogRecord) -> None:
        try:
            with self._locked():
                self._reopen_if_rotated()
                super().emit(record)
        except OSError:
            self.handleError(record)  # logging's own way: told on stderr, the work goes on

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # Opened for each line, since a descriptor kept over a fork would be a lock that both sides hold.
        descriptor = os.open(self._gate, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o640)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _reopen_if_rotated(self) -> None:
        if self.stream is not None and not self._is_current(self.stream.fileno()):
            self.stream.close()
            self.stream = self._open()

    def _is_current(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), Path(self.baseFilename).stat())
        except FileNotFoundError:
            return False
