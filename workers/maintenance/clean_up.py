"""Throws away what nothing refers to any more."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from countersign.eventstore.blobs import Blobs
from countersign.eventstore.log import Log
from countersign.workers.course import Course
from countersign.workers.effect_board import EffectBoard
from countersign.workers.maintenance.leftovers import leftovers
from countersign.workers.options import MaintenanceOptions

DIGEST = re.compile(rb"[0-9a-f]{64}")
PAGE = 2_000


class CleanUp:
    """Blobs that no event names, effects done long ago, files that a dead process has left half written."""

    def __init__(self, log: Log, blobs: Blobs, board: EffectBoard, options: MaintenanceOptions) -> None:
        self._log = log
        self._blobs = blobs
        self._board = board
        self._options = options
        self._named: set[bytes] = set()
        self._position = 0

    def __call__(self, now: datetime, course: Course) -> Mapping[str, str]:
        """Clean up; returns how much of each was thrown away."""
        orphans = self._orphans(now)
        for digest in orphans:
            self._blobs.remove(digest, now.timestamp() - self._options.keep_orphans_s)
        finished = self._board.forget_finished(now - timedelta(seconds=self._options.keep_done_s))
        unfinished = sum(map(_removed, leftovers(self._options.folder, now.timestamp())))
        return {
            "orphaned_blobs": str(len(orphans)),
            "finished_effects": str(finished),
            "unfinished_files": str(unfinished),
        }

    def _orphans(self, now: datetime) -> set[str]:
        """Old enough that no command under way can be about to name one; any digest in the log spares it."""
        suspects = set(self._blobs.older_than(self._options.keep_orphans_s, now.timestamp()))
        if suspects:
            self._read_on()
        return {digest for digest in suspects if digest.encode() not in self._named}

    def _read_on(self) -> None:
        # What is in the log stays there: each process reads it all once, and then what is new.
        while page := self._log.read(self._position, PAGE):
            for recorded in page:
                self._named.update(DIGEST.findall(recorded.state))
            self._position = page[-1].position


def _removed(path: Path) -> bool:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
    return not path.exists()
