"""Makes the builds that operators order, shows them, and clears away what is not wanted any more."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Final

from sqlalchemy import Connection

from countersign.aggregates.read_model_builds import Promote
from countersign.eventstore.databases import Database
from countersign.eventstore.leases import Leases
from countersign.eventstore.log import Log
from countersign.projections import builds, positions
from countersign.projections.builds import Build, Status
from countersign.projections.construction import UNDER_WAY, Construction
from countersign.projections.control import Control
from countersign.projections.cut_over import cut_over
from countersign.projections.outage import OUTAGES
from countersign.projections.pace import Pace, Progress
from countersign.projections.pages import Decode
from countersign.projections.positions import PositionMoved, State
from countersign.projections.projection import Projection
from countersign.projections.retirement import clear_away, is_to_be_cleared
from countersign.projections.side_by_side import Feed, NotNow
from countersign.projections.tenure import tenure
from countersign.projections.unit import role_of

log = logging.getLogger(__name__)

Announce = Callable[[Build], None]
"""Tells the log that readers see a build."""

SLOT: Final = "rebuild-slot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The pace of a builder; see the settings of projections.

    A build is shown when whoever moves what readers see has taken it up too, so that it does not stand still
    afterwards, or after `handover_s`.
    """

    batch_size: int = 5_000
    builds_at_once: int = 2
    keep_replaced_h: float = 24.0
    letters_max: int = 1_000
    poll_s: float = 1.0
    lease_ttl_s: float = 15.0
    handover_s: float = 10.0


class Builder:
    """Several processes may run one each: a build has one owner, and another goes on where it stopped."""

    def __init__(
        self,
        log: Log,
        decode: Decode,
        read: Database,
        projections: Iterable[Projection],
        holder: str,
        announce: Announce,
        options: Options = Options(),
    ) -> None:
        self._read = read
        self._leases = Leases(read)
        self._projections = {projection.name: projection for projection in projections}
        self._holder = holder
        self._announce = announce
        self._options = options
        self._feed = Feed(log, decode, options.batch_size, options.letters_max)
        self._waits_since: dict[tuple[str, int], float] = {}
        self._control = Control(log, decode, read, self._projections.values())

    def run(self, stop: threading.Event) -> None:
        """Do what is ordered until told to stop, as many builds at once as there are slots."""
        others = [
            threading.Thread(target=self._construct_until, args=(stop, slot), name=f"build {slot}")
            for slot in range(self._options.builds_at_once)
        ]
        for thread in others:
            thread.start()
        while not stop.is_set():
            self._patiently(self.tidy)
            stop.wait(self._options.poll_s)
        for thread in others:
            thread.join()

    def bring(
        self,
        name: str,
        number: int,
        progress: Progress = lambda *_: None,
        give_up: Callable[[], bool] = lambda: False,
    ) -> Build:
        """Stay with one build until nothing is left to be done about it without an order; how it stands then.

        Where another process makes it, only how far it is gets told.
        """
        pace = Pace(progress)
        while True:
            self.tidy(name)
            build, is_waiting = self._look(name, number)
            if is_waiting or give_up() or not (build.status in UNDER_WAY or _is_to_be_shown(build)):
                return build
            if not self._construct(build, range(self._options.builds_at_once), pace):
                self._tell(build, pace)
                sleep(0.1)

    def tidy(self, *names: str) -> None:
        """Do what takes no time: obey, show what is to be shown, tell the log, drop what is given up."""
        self._control.obey()
        with self._read.read() as connection:
            known = builds.load(connection, names or self._projections)
            clearable = [build for build in known if is_to_be_cleared(connection, build)]
        for build in known:
            if _is_to_be_shown(build) and self._knows(build):
                self._show(build)
        for build in clearable:
            clear_away(self._read, build)
        with self._read.read() as connection:
            shown = builds.load(connection, names or self._projections, [Status.LIVE])
        for build in shown:
            if not build.announced:
                self._announce(build)
                with self._read.write() as connection:
                    builds.change(connection, build.name, build.build, announced=True)

    def construct(self, slot: int = 0, stop: threading.Event | None = None) -> bool:
        """Make the builds that wait, as long as there are any; whether there was one."""
        with self._read.read() as connection:
            waiting = [build for build in self._under_way(connection) if self._knows(build)]
        made = [self._construct(build, [slot], Pace(), stop) for build in waiting]
        return any(made)

    def _construct_until(self, stop: threading.Event, slot: int) -> None:
        while not stop.is_set():
            self._patiently(lambda: self.construct(slot, stop))
            stop.wait(self._options.poll_s)

    def _patiently(self, work: Callable[[], object]) -> None:
        try:
            work()
        except OUTAGES as outage:
            log.warning("the database does not answer: %s", outage)

    def _construct(
        self, build: Build, slots: Iterable[int], pace: Pace, stop: threading.Event | None = None
    ) -> bool:
        projection = self._projections[build.name]
        roles = [unit.role for unit in build.units(projection)]
        ttl_s = self._options.lease_ttl_s
        with self._slot(slots) as slot, tenure(self._leases, roles, self._holder, ttl_s) as leases:
            if not slot or leases is None:
                return False
            work = Construction(
                self._read, self._feed, projection, build, leases, pace
            )
            try:
                work.begin()
                while not (stop and stop.is_set()) and work.step() in UNDER_WAY:
                    pass
            except PositionMoved as moved:
                log.warning("build %d of %s is left alone: %s", build.build, build.name, moved)
            except NotNow as reason:
                self._note(build, str(reason))
                return False
            return True

    @contextmanager
    def _slot(self, slots: Iterable[int]) -> Iterator[bool]:
        for slot in slots:
            with tenure(self._leases, [f"{SLOT}:{slot}"], self._holder, self._options.lease_ttl_s) as held:
                if held:
                    yield True
                    return
        yield False

    def _show(self, build: Build) -> None:
        waits_since = self._waits_since.setdefault((build.name, build.build), monotonic())
        if not self._is_taken_up(build) and monotonic() - waits_since < self._options.handover_s:
            return
        try:
            cut_over(
                self._read, self._feed, self._projections[build.name], build, self._options.keep_replaced_h
            )
        except NotNow as reason:
            self._note(build, f"it is not shown yet: {reason}")

    def _is_taken_up(self, build: Build) -> bool:
        with self._read.read() as connection:
            shown = builds.live(connection, build.name)
        holders = self._leases.holders(f"projection:{build.name}:")
        held = [{role_of(*place) in holders for place in one.places} for one in (shown, build) if one]
        return True not in held[0] or held[-1] == {True}

    def _note(self, build: Build, note: str) -> None:
        if build.note != note:
            log.info("build %d of %s: %s", build.build, build.name, note)
            with self._read.write() as connection:
                builds.change(connection, build.name, build.build, note=note)

    def _knows(self, build: Build) -> bool:
        known = self._projections.get(build.name)
        if known is not None and known.version == build.version:
            return True
        if build.status is Status.BUILDING:
            self._note(build, f"a program that knows version {build.version} makes it: start one")
        return False

    def _under_way(self, connection: Connection) -> list[Build]:
        held = positions.load(connection, self._projections)
        waits = {name for (name, _, _), at in held.items() if at.state is State.PAUSED}
        stopped = {(name, build) for (name, build, _), at in held.items() if at.state is State.FAILED}
        found = builds.load(connection, self._projections, UNDER_WAY)
        return [one for one in found if one.name not in waits and (one.name, one.build) not in stopped]

    def _look(self, name: str, number: int) -> tuple[Build, bool]:
        """A build, and whether it waits for an order to go on."""
        with self._read.read() as connection:
            going_on = {(one.name, one.build): one for one in self._under_way(connection)}
        is_known = all(map(self._knows, going_on.values()))
        with self._read.read() as connection:
            found = next(one for one in builds.load(connection, [name]) if one.build == number)
        return found, found.status in UNDER_WAY and not ((name, number) in going_on and is_known)

    def _tell(self, build: Build, pace: Pace) -> None:
        with self._read.read() as connection:
            held = positions.load(connection, [build.name])
        done = min((held[place].position for place in build.places if place in held), default=0)
        pace.told(done, max(done, self._feed.log.head()))


def _is_to_be_shown(build: Build) -> bool:
    return build.status is Status.FOLLOWING and build.promote is Promote.ALWAYS
