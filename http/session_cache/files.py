"""Known sessions in files, which the processes of one machine share."""

from __future__ import annotations

import logging
import os
import tempfile
from pathlib import Path
from typing import Final
from uuid import UUID

logger = logging.getLogger(__name__)

_SLOTS: Final = 4096


class SessionFiles:
    """A fixed number of files, so that nothing has to be swept; two sessions of one slot take turns."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, session: UUID) -> bytes | None:
        """See `SharedCache`."""
        try:
            return self._slot(session).read_bytes()
        except OSError:  # never kept, or lost: the log knows
            return None

    def put(self, session: UUID, entry: bytes, _lifetime_s: int) -> None:
        """See `SharedCache`; a full disk costs the entry."""
        try:
            self._write(self._slot(session), entry)
        except OSError as error:
            logger.warning("session not cached", extra={"reason": str(error)})

    def _write(self, slot: Path, entry: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, draft = tempfile.mkstemp(prefix=".", dir=self._folder)  # for this user alone
        with os.fdopen(descriptor, "wb") as file:
            file.write(entry)
        Path(draft).replace(slot)

    def _slot(self, session: UUID) -> Path:
        return self._folder / f"{session.int % _SLOTS:03x}"
