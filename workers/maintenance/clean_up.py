"""Throws away what nothing refers to any more."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from countersign.eventstore.blobs import Blobs
from countersign.eventstore.databases import Database
from countersign.eventstore.log import Log
from countersign.eventstore.upkeep.slow_statements import forget_slow
from countersign.workers.course import Course
from countersign.workers.effect_board import EffectBoard
from countersign.workers.maintenance.leftovers import leftovers
from countersign.workers.maintenance.named_contents import NamedContents
from countersign.workers.options import MaintenanceOptions


class CleanUp:
    """Blobs that no event names, effects done and statements slow long ago, files of processes that died."""

    def __init__(self, log: Log, blobs: Blobs, read: Database, options: MaintenanceOptions) -> None:
        self._blobs = blobs
        self._read = read
        self._options = options
        self._named = NamedContents(log, blobs)

    def __call__(self, now: datetime, course: Course) -> Mapping[str, str]:
        """Clean up; returns how much of each was thrown away."""
        orphans = self._orphans(now)
        for digest in orphans:
            course.go_on()
            self._blobs.remove(digest, now.timestamp() - self._options.keep_orphans_s)
        long_ago = now - timedelta(seconds=self._options.keep_done_s)
        unfinished = sum(map(_removed, leftovers(self._options.folder, now.timestamp())))
        return {
            "orphaned_blobs": str(len(orphans)),
            "finished_effects": str(EffectBoard(self._read).forget_finished(long_ago)),
            "slow_statements": str(forget_slow(self._read, long_ago)),
            "unfinished_files": str(unfinished),
        }

    def _orphans(self, now: datetime) -> set[str]:
        """Old enough that no command under way can be about to name one; any digest in the log spares it."""
        suspects = set(self._blobs.older_than(self._options.keep_orphans_s, now.timestamp()))
        return self._named.without(suspects)


def _removed(path: Path) -> bool:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
    return not path.exists()
