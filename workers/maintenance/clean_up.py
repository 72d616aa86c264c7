"""Throws away what nothing refers to any more."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from countersign.eventstore.blobs import Blobs
from countersign.eventstore.log import Log
from countersign.workers.effect_board import EffectBoard
from countersign.workers.options import MaintenanceOptions

DIGEST = re.compile(rb"[0-9a-f]{64}")
PAGE = 2_000
UNFINISHED_S = 86_400.0


class CleanUp:
    """Blobs that no event names, effects done long ago, files that a dead process has left half written."""

    def __init__(self, log: Log, blobs: Blobs, board: EffectBoard, options: MaintenanceOptions) -> None:
        self._log = log
        self._blobs = blobs
        self._board = board
        self._options = options

    def __call__(self, now: datetime) -> Mapping[str, str]:
        """Clean up; returns how much of each was thrown away."""
        orphans = self._orphans(now)
        for digest in orphans:
            self._blobs.remove(digest, now.timestamp() - self._options.keep_orphans_s)
        finished = self._board.forget_finished(now - timedelta(seconds=self._options.keep_done_s))
        unfinished = sum(1 for each in self._unfinished(now) if _removed(each))
        return {
            "orphaned_blobs": str(len(orphans)),
            "finished_effects": str(finished),
            "unfinished_files": str(unfinished),
        }

    def _orphans(self, now: datetime) -> set[str]:
        """Old enough that no command under way can be about to name one; any digest in the log spares it."""
        suspects = set(self._blobs.older_than(self._options.keep_orphans_s, now.timestamp()))
        position = 0
        while suspects and (page := self._log.read(position, PAGE)):
            for recorded in page:
                suspects.difference_update(digest.decode() for digest in DIGEST.findall(recorded.state))
            position = page[-1].position
        return suspects

    def _unfinished(self, now: datetime) -> Iterator[Path]:
        before = now.timestamp() - UNFINISHED_S
        for folder, pattern in (
            (self._options.folder / "blobs", "incoming-*"),
            (Path(tempfile.gettempdir()), "countersign-pdf-*"),
        ):
            yield from (each for each in folder.glob(pattern) if each.lstat().st_mtime < before)


def _removed(path: Path) -> bool:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
    return not path.exists()
