"""Keeps the read tables up to the log: in large batches when behind, at once when live."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from time import monotonic

from countersign.eventstore.databases import Database
from countersign.eventstore.leases import Leases
from countersign.eventstore.log import Log, Recorded
from countersign.eventstore.mapper import Happened
from countersign.eventstore.waiting import Waiting
from countersign.eventstore.wakeups import LOG, READ, Wakeups
from countersign.projections.following.batch import Held, take
from countersign.projections.following.outage import OUTAGES
from countersign.projections.following.ownership import Ownership
from countersign.projections.following.pages import Item, Unreadable, items
from countersign.projections.following.positions import Position, PositionMoved
from countersign.projections.following.taking import Stopped
from countersign.projections.following.unit import Unit
from countersign.projections.letters.dead_letters import Letter
from countersign.projections.letters.draining import drain
from countersign.projections.letters.known_letters import KnownLetters
from countersign.projections.orders.control import Control
from countersign.projections.projection import Projection

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The pace of a runner.

    `batch_size` is the most events of one transaction; where there are no wake-ups an event waits at most
    `poll_s`, and one whose wake-up was lost at most four times as long; an owner that died is replaced after
    `lease_ttl_s`; an outage is waited for with growing pauses of at most `longest_pause_s`. More than
    `letters_max` parked keys stop a unit.
    """

    batch_size: int = 1000
    letters_max: int = 1000
    poll_s: float = 1.0
    lease_ttl_s: float = 6.0
    shortest_pause_s: float = 0.1
    longest_pause_s: float = 2.0


class Runner:
    """Moves the units that this process owns.

    Several processes may run one each: a unit has one owner, and another takes over when it is gone.
    """

    def __init__(
        self,
        log: Log,
        decode: Callable[[Recorded], Happened],
        read: Database,
        leases: Leases,
        wakeups: Wakeups,
        projections: Iterable[Projection],
        holder: str,
        options: Options = Options(),
    ) -> None:
        self._log = log
        self._decode = decode
        self._read = read
        self._wakeups = wakeups
        self._options = options
        known = tuple(projections)
        self._control = Control(log, decode, read, known)
        self._owned = Ownership(read, leases, known, holder, options.lease_ttl_s)
        self._letters = KnownLetters()
        self._heartbeat_due = 0.0

    def run(self, stop: threading.Event) -> None:
        """Follow the log until told to stop; what was begun is finished."""
        pause_s = self._options.shortest_pause_s
        with self._wakeups.listen(LOG) as listener:
            waiting = Waiting(listener, self._options.poll_s, stop)
            while not stop.is_set():
                try:
                    moved = self.step()
                    pause_s = self._options.shortest_pause_s
                except OUTAGES as outage:
                    log.warning("the database does not answer, waiting %.1f s: %s", pause_s, outage)
                    stop.wait(pause_s)
                    pause_s = min(2 * pause_s, self._options.longest_pause_s)
                    continue
                if moved:
                    waiting.found()
                else:
                    waiting.wait(self._options.lease_ttl_s / 3)
        self._owned.release()

    def catch_up(self) -> None:
        """Take all that the log holds now, as far as this process is the owner."""
        while self.step():
            pass

    def step(self) -> bool:
        """Take the next page into each group of units at one position, and letters that are due.

        Whether there were any.

        Raises:
            any of OUTAGES: nothing of the page under way was written.
        """
        self._heartbeat()
        moved = self._drain()
        for held, limit in self._groups():
            moved = self._advance(held, limit) or moved
        return moved

    def release(self) -> None:
        """Leave the units to the next owner."""
        self._owned.release()

    def _heartbeat(self) -> None:
        if monotonic() >= self._heartbeat_due:
            self._heartbeat_due = monotonic() + self._options.lease_ttl_s / 3
            self._control.obey()
            self._owned.refresh()
            with self._read.read() as connection:
                self._letters.look(connection, self._owned.running().keys())

    def _groups(self) -> Iterator[tuple[Held, int]]:
        running = self._owned.running()
        positions = sorted({at.position for at in running.values()})
        following = dict(pairwise(positions))
        for position in positions:
            members = {one: at for one, at in running.items() if at.position == position}
            until_next = following.get(position, position + self._options.batch_size) - position
            yield members, min(self._options.batch_size, until_next)

    def _advance(self, held: Held, limit: int) -> bool:
        position = next(iter(held.values())).position
        page = self._log.read(position, limit)
        if not page:
            return False
        try:
            self._take_page(held, page)
        except PositionMoved as moved:
            self._give_way(moved)
        self._wakeups.signal(READ)
        return True

    def _take_page(self, held: Held, page: Sequence[Recorded]) -> None:
        try:
            self._take(held, items(page, self._decode))
        except Unreadable as unreadable:
            for unit in held:
                self._stop(unit, unreadable.position, str(unreadable))

    def _take(self, held: Held, page: Sequence[Item]) -> None:
        begun = monotonic()
        taken = take(self._read, held, page, self._options.letters_max, self._letters.of)
        self._owned.moved(held.keys() - taken.stopped.keys(), page[-1].position, monotonic() - begun)
        for unit, parked in taken.parked.items():
            self._letters.commit(unit, parked)
            _tell_of(unit, taken.letters[unit])
        for unit, stopped in taken.stopped.items():
            self._stop(unit, stopped.position, str(stopped.told))

    def _drain(self) -> bool:
        running = self._owned.running()
        due = [unit for unit in self._letters.due() if unit in running]
        for unit in due:
            try:
                self._drain_one(unit, running[unit])
            except Stopped as stopped:
                self._stop(unit, stopped.position, str(stopped.told))
            except Unreadable as unreadable:
                self._stop(unit, unreadable.position, str(unreadable))
            except PositionMoved as moved:
                self._give_way(moved)
        return bool(due)

    def _drain_one(self, unit: Unit, at: Position) -> None:
        new_here = self._letters.is_new(unit)
        most = self._options.letters_max
        drained = drain(self._read, self._log, self._decode, unit, at, most, new_here=new_here)
        self._letters.drained(unit, drained.left)
        log.info("%s took %d of its letters, %d are left", unit, drained.taken, len(drained.left))
        _tell_of(unit, drained.parked)
        self._wakeups.signal(READ)

    def _give_way(self, moved: PositionMoved) -> None:
        log.warning("another process moved a unit: %s", moved)
        self._heartbeat_due = 0.0

    def _stop(self, unit: Unit, position: int, why: str) -> None:
        log.error("projection %s stopped at position %d: %s", unit, position, why)
        self._owned.fail(unit, position, why)


def _tell_of(unit: Unit, parked: Iterable[Letter]) -> None:
    for letter in parked:
        if letter.failed:
            why = f"{letter.error_class}: {letter.error}"
            log.error("%s parked the key %s at position %d: %s", unit, letter.key, letter.position, why)
