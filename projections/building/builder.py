"""Makes the builds that operators order, and has them shown."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from time import sleep
from typing import Final

from sqlalchemy import Connection

from countersign.eventstore.databases import Database
from countersign.eventstore.leases import Leases
from countersign.eventstore.log import Log
from countersign.eventstore.waiting import Waiting
from countersign.eventstore.wakeups import LOG, NoWakeups, Wakeups
from countersign.projections.building import builds
from countersign.projections.building.builds import UNDER_WAY, Build
from countersign.projections.building.construction import Construction
from countersign.projections.building.pace import Pace, Progress
from countersign.projections.building.showing import Announce, Showing, is_to_be_shown, note
from countersign.projections.building.side_by_side import Feed, NotNow
from countersign.projections.building.tenure import tenure
from countersign.projections.following import positions
from countersign.projections.following.outage import OUTAGES
from countersign.projections.following.pages import Decode
from countersign.projections.following.positions import PositionMoved, State
from countersign.projections.following.trouble import Trouble, trouble_of
from countersign.projections.following.unit import role_of
from countersign.projections.letters.complaint import complaint
from countersign.projections.orders.control import Control
from countersign.projections.projection import Projection

log = logging.getLogger(__name__)

SLOT: Final = "rebuild-slot"
UNHEARD: Final = NoWakeups("whoever only brings builds is not woken")


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The pace of a builder; see the settings of projections, and `Showing` for `handover_s`."""

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
        wakeups: Wakeups = UNHEARD,
    ) -> None:
        self._read = read
        self._leases = Leases(read)
        self._projections = {projection.name: projection for projection in projections}
        self._holder = holder
        self._options = options
        self._wakeups = wakeups
        self._feed = Feed(log, decode, options.batch_size, options.letters_max)
        self._control = Control(log, decode, read, self._projections.values())
        self._showing = Showing(
            read, self._feed, self._projections, announce, options.keep_replaced_h, options.handover_s
        )

    def run(self, stop: threading.Event) -> None:
        """Do what is ordered until told to stop, as many builds at once as there are slots."""
        threads = ThreadPoolExecutor(self._options.builds_at_once, "build")
        with threads as crew, self._wakeups.listen(LOG) as listener:
            waiting = Waiting(listener, self._options.poll_s, stop)
            at_work: dict[int, Future[object]] = {}
            while not stop.is_set():
                self._patiently(self.tidy)
                self._patiently(self._set_to_work, crew, at_work, stop)
                stop.wait(self._options.poll_s)  # no more often than so, however much is appended
                if not at_work and not self._showing.is_waiting:
                    waiting.wait()
        for ended in at_work.values():
            ended.result()

    def _set_to_work(
        self, crew: ThreadPoolExecutor, at_work: dict[int, Future[object]], stop: threading.Event
    ) -> None:
        for slot in [slot for slot, future in at_work.items() if future.done()]:
            at_work.pop(slot).result()
        for slot, _ in zip(self._idle(at_work), self._waiting(), strict=False):
            at_work[slot] = crew.submit(self._patiently, self.construct, slot, stop)

    def _idle(self, at_work: Mapping[int, object]) -> list[int]:
        return [slot for slot in range(self._options.builds_at_once) if slot not in at_work]

    def bring(
        self,
        name: str,
        number: int,
        progress: Progress = lambda *_: None,
        give_up: Callable[[], bool] = _never,
    ) -> Build:
        """Stay with one build until nothing is left to be done about it without an order; how it stands then.

        Where another process makes it, only how far it is gets told.
        """
        pace = Pace(progress)
        while True:
            self._patiently(self.tidy, name)
            build, is_waiting = self._look(name, number)
            if is_waiting or give_up() or not (build.status in UNDER_WAY or is_to_be_shown(build)):
                return build
            if not self._patiently(self._construct, build, range(self._options.builds_at_once), pace):
                self._tell(build, pace)
                sleep(0.1)

    def tidy(self, *names: str) -> None:
        """Do what takes no time: obey, show what is to be shown, tell the log, drop what is given up."""
        self._control.obey()
        self._showing.tidy(names or tuple(self._projections))

    def construct(self, slot: int = 0, stop: threading.Event | None = None) -> None:
        """Make the builds that wait for somebody, until told to stop."""
        for build in self._waiting():
            self._construct(build, [slot], Pace(), stop)

    def _patiently(self, work: Callable[..., object], *arguments: object) -> object:
        try:
            return work(*arguments)
        except OUTAGES as outage:
            log.warning("the database does not answer: %s", outage)
            return None

    def _construct(
        self, build: Build, slots: Iterable[int], pace: Pace, stop: threading.Event | None = None
    ) -> bool:
        projection = self._projections[build.name]
        roles = [unit.role for unit in build.units(projection)]
        ttl_s = self._options.lease_ttl_s
        with self._slot(slots) as slot, tenure(self._leases, roles, self._holder, ttl_s) as leases:
            if not slot or leases is None:
                return False
            is_over = stop.is_set if stop else _never
            work = Construction(self._read, self._feed, projection, build, leases, pace, is_over)
            try:
                work.begin()
                while not is_over() and work.step() in UNDER_WAY:
                    pass
            except PositionMoved as moved:
                log.warning("build %d of %s is left alone: %s", build.build, build.name, moved)
            except NotNow as reason:
                note(self._read, build, str(reason))
                return False
            except Exception as error:
                if trouble_of(error) is Trouble.OUTAGE:
                    raise
                log.exception("build %d of %s has stopped", build.build, build.name)
                work.stop(complaint(error))
            return True

    @contextmanager
    def _slot(self, slots: Iterable[int]) -> Iterator[bool]:
        for slot in slots:
            with tenure(self._leases, [f"{SLOT}:{slot}"], self._holder, self._options.lease_ttl_s) as held:
                if held:
                    yield True
                    return
        yield False

    def _waiting(self) -> list[Build]:
        """Those under way that nobody works on."""
        with self._read.read() as connection:
            going_on = [build for build in self._under_way(connection) if self._knows(build)]
        held = self._leases.holders("projection:") if going_on else {}
        return [one for one in going_on if not any(role_of(*place) in held for place in one.places)]

    def _knows(self, build: Build) -> bool:
        if self._projections[build.name].version == build.version:
            return True
        note(self._read, build, f"a program that knows version {build.version} makes it: start one")
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
