"""Destroys what a disposed report said, wherever it lies; done twice, it does no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from countersign.aggregates.report.standing import Standing
from countersign.eventstore.blobs import Blobs
from countersign.eventstore.databases import Databases
from countersign.eventstore.erasures import erase
from countersign.eventstore.log import Log
from countersign.eventstore.snapshots import forget_snapshot
from countersign.projections.letters.stale_keys import reached
from countersign.projections.reports.retention_due_queries import contents_of, retention_of

_SOON: Final = timedelta(seconds=1)
_READ: Final = "retention_due"


class NotYetDestroyed(Exception):
    """It is not known yet what belongs to the report, or some of it was stored again a moment ago."""

    def __init__(self, why: str, again_at: datetime) -> None:
        super().__init__(why)
        self.again_at = again_at


@dataclass(frozen=True, slots=True)
class Destroyed:
    """How many stored contents were removed, and how many stay, since other reports have them too."""

    contents: int
    shared: int


class Destruction:
    """The key first: without it no event, and no backup of the log, tells what was sealed under it."""

    def __init__(
        self, databases: Databases, log: Log, blobs: Blobs, clock: Callable[[], datetime], quiet_s: float
    ) -> None:
        self._databases = databases
        self._log = log
        self._blobs = blobs
        self._clock = clock
        self._quiet_s = quiet_s

    def of(self, report_id: UUID) -> Destroyed:
        """Destroy key, snapshot and stored contents.

        What was stored within `quiet_s` is left for later: another report may be about to name it.

        Raises:
            NotYetDestroyed: some of it is there still.
            DatabaseUnavailable: some of it may be gone; the same again does the rest.
        """
        row = retention_of(self._databases.read, report_id)
        if row is None or row.standing != Standing.DISPOSED:
            why = f"the read tables do not know yet that {report_id} was disposed of"
            raise NotYetDestroyed(why, self._clock() + _SOON)
        erase(self._databases.keys, [report_id])
        forget_snapshot(self._databases.read, report_id)
        self._require_all_owners_known()
        found = contents_of(self._databases.read, report_id)
        quiet_since_s = self._clock().timestamp() - self._quiet_s
        for digest in found.own:
            self._blobs.remove(digest, quiet_since_s)
        if young := sum(map(self._blobs.has, found.own)):
            why = f"{young} contents were stored within {self._quiet_s:g} s"
            raise NotYetDestroyed(why, self._clock() + timedelta(seconds=self._quiet_s))
        return Destroyed(contents=len(found.own), shared=len(found.shared))

    def _require_all_owners_known(self) -> None:
        # What was named of late is young, and stays for that; of what was named before, the tables tell.
        with self._databases.read.read() as connection:
            seen = reached(connection, [_READ])
        if seen.stale:
            why = f"events are parked in {_READ}: it is not known which contents other reports have too"
            raise NotYetDestroyed(why, self._clock() + timedelta(minutes=1))
        first_unseen = next(iter(self._log.read(seen.position, 1)), None)
        long_ago = self._clock() - timedelta(seconds=self._quiet_s / 2)
        if first_unseen is not None and first_unseen.recorded_at < long_ago:
            why = f"{_READ} is so far behind that another report may have named the same contents"
            raise NotYetDestroyed(why, self._clock() + _SOON)
