"""Shows builds as it was ordered, tells the log, and clears away what is not wanted any more."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from time import monotonic

from countersign.aggregates.read_model_builds import Promote
from countersign.eventstore.databases import Database
from countersign.eventstore.leases import Leases
from countersign.projections.building import builds
from countersign.projections.building.builds import Build, Status
from countersign.projections.building.cut_over import cut_over
from countersign.projections.building.retirement import clear_away, is_to_be_cleared
from countersign.projections.building.side_by_side import Feed, NotNow
from countersign.projections.following.trouble import Trouble, trouble_of
from countersign.projections.following.unit import role_of
from countersign.projections.letters.complaint import complaint
from countersign.projections.projection import Projection

log = logging.getLogger(__name__)

Announce = Callable[[Build], None]
"""Tells the log that readers see a build."""


def is_to_be_shown(build: Build) -> bool:
    """Whether it is ready, and its being shown was ordered."""
    return build.status is Status.FOLLOWING and build.promote is Promote.ALWAYS


def note(read: Database, build: Build, what: str) -> None:
    """Tell operators something of a build, once, while it stands as it was seen."""
    if build.note != what:
        log.info("build %d of %s: %s", build.build, build.name, what)
        with read.write() as connection:
            builds.turn(connection, build.name, build.build, [build.status], note=what)


class Showing:
    """Any process may do it, and several at once: what is done is done once.

    A build is shown when whoever moves what readers see has taken it up too, so that it does not stand still
    afterwards, or after `handover_s`.
    """

    def __init__(
        self,
        read: Database,
        feed: Feed,
        projections: Mapping[str, Projection],
        announce: Announce,
        keep_h: float,
        handover_s: float,
    ) -> None:
        self._read = read
        self._feed = feed
        self._projections = projections
        self._announce = announce
        self._keep_h = keep_h
        self._handover_s = handover_s
        self._waits_since: dict[tuple[str, int], float] = {}

    @property
    def is_waiting(self) -> bool:
        """Whether a build is to be shown as soon as somebody has taken it up."""
        return bool(self._waits_since)

    def tidy(self, names: Collection[str]) -> None:
        """Do what is due about the builds of these projections."""
        with self._read.read() as connection:
            known = builds.load(connection, names)
            clearable = [build for build in known if is_to_be_cleared(connection, build)]
        for build in filter(is_to_be_shown, known):
            projection = self._projections[build.name]
            if projection.version == build.version:
                self._show(projection, build)
        for build in clearable:
            clear_away(self._read, build)
        self._tell(names)

    def _show(self, projection: Projection, build: Build) -> None:
        waits_since = self._waits_since.setdefault((build.name, build.build), monotonic())
        if not self._is_taken_up(build) and monotonic() - waits_since < self._handover_s:
            return
        try:
            cut_over(self._read, self._feed, projection, build, self._keep_h)
        except NotNow as reason:
            note(self._read, build, f"it is not shown yet: {reason}")
            return
        except Exception as error:
            if trouble_of(error) is Trouble.OUTAGE:
                raise
            why = f"it could not be shown: {complaint(error)}; mend that and promote it again"
            log.exception("build %d of %s: %s", build.build, build.name, why)
            with self._read.write() as connection:
                builds.change(connection, build.name, build.build, promote=Promote.NEVER, note=why)
        del self._waits_since[build.name, build.build]

    def _is_taken_up(self, build: Build) -> bool:
        with self._read.read() as connection:
            shown = builds.live(connection, build.name)
        holders = Leases(self._read).holders(f"projection:{build.name}:")
        held = [{role_of(*place) in holders for place in one.places} for one in (shown, build) if one]
        return True not in held[0] or held[-1] == {True}

    def _tell(self, names: Collection[str]) -> None:
        with self._read.read() as connection:
            shown = builds.load(connection, names, [Status.LIVE])
        for build in shown:
            if not build.announced:
                self._announce(build)
                with self._read.write() as connection:
                    builds.change(connection, build.name, build.build, announced=True)
