"""Says of a kind of work what is due, under a key of kind and due time: said twice, it is due once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from countersign.aggregates.periodic_work import MissedPolicy, NotedAhead
from countersign.commands.maintenance.due_maintenance import DueMaintenance
from countersign.commands.maintenance.note_missed_work import NoteMissedWork
from countersign.eventstore.context import SYSTEM, Context
from countersign.eventstore.databases import Database
from countersign.eventstore.leases import Lease, Leases
from countersign.projections.work.periodic_times import PeriodicTimes, forget_others, seen_to, write_times
from countersign.workers.effects_table import write_effects
from countersign.workers.issuer import Dispatch
from countersign.workers.options import ScheduleOptions
from countersign.workers.periodic.quiet import quiet_run
from countersign.workers.periodic.rule import Rule, spoken
from countersign.workers.periodic.turn import Turn, turn

logger = logging.getLogger(__name__)

TICK: Final = timedelta(microseconds=1)


class Issuing:
    """Gives the commands of all due times up to one, and then writes down that they were given.

    Who is ended in between is made up for by the next, to whom a due time that was said is not missed. Who
    has lost the role meanwhile says and notes only what nobody else has, and writes nothing down. What is
    due of a quiet kind is handed to the workers in the transaction that writes it down. For one thread at a
    time.
    """

    def __init__(
        self,
        dispatcher: Dispatch,
        read: Database,
        leases: Leases,
        options: ScheduleOptions,
        rules: Mapping[str, Rule],
        clock: Callable[[], datetime],
        on_quiet_run: Callable[[], None] = lambda: None,
    ) -> None:
        self._dispatcher = dispatcher
        self._read = read
        self._leases = leases
        self._options = options
        self._rules = rules
        self._clock = clock
        self._on_quiet_run = on_quiet_run

    def look_at(self, kind: str, lease: Lease) -> datetime | None:
        """Say what has become due of a kind since it was said last; when it is due next.

        Raises:
            LeaseLost: another process keeps the schedule.
            LogUnavailable, DatabaseUnavailable, DomainError: it was not said, or not written down.
        """
        now, work = self._clock(), self._options.work[kind]
        with self._read.read() as connection:
            known = seen_to(connection, kind)
        grace = timedelta(seconds=self._options.grace_s)
        found = turn(self._rules[kind], known, now, grace, MissedPolicy(work.missed))
        if found.due is not None and (known is None or known > now):
            # Who takes over before the rest is done must know where this began.
            self._write(kind, found.due - TICK, now, lease)
        self._say(kind, found, lease)
        quietly = found.due if work.quiet else None
        return self._write(kind, found.seen_to or known, now, lease, quietly)

    def tidy(self, lease: Lease) -> None:
        """Forget kinds of work that there are not any more.

        Raises:
            LeaseLost: another process keeps the schedule.
            DatabaseUnavailable: nothing was forgotten.
        """
        with self._read.write() as connection:
            self._leases.confirm(connection, lease)
            forget_others(connection, list(self._rules))

    def _write(
        self, kind: str, seen: datetime | None, now: datetime, lease: Lease, run: datetime | None = None
    ) -> datetime | None:
        work, next_due_at = self._options.work[kind], self._rules[kind].next(now)
        row = PeriodicTimes(
            kind=kind,
            rule=spoken(work),
            missed=work.missed,
            seen_to=seen,
            next_due_at=next_due_at,
            written_at=now,
        )
        with self._read.write() as connection:
            self._leases.confirm(connection, lease)
            write_times(connection, row)
            if run is not None:
                write_effects(connection, [quiet_run(kind, run, now)])
        if run is not None:
            self._on_quiet_run()
        return next_due_at

    def _say(self, kind: str, found: Turn, lease: Lease) -> None:
        if found.missed:
            self._note_missed(kind, found, lease)
        if found.due is not None and not self._options.work[kind].quiet:
            key = f"{kind}/{found.due.isoformat()}"
            self._give(DueMaintenance(kind=kind, due_at=found.due), key, lease)
        if found.due is not None:
            logger.info("due", extra={"job": kind, "due_at": found.due.isoformat()})

    def _note_missed(self, kind: str, found: Turn, lease: Lease) -> None:
        policy = MissedPolicy(self._options.work[kind].missed)
        missed = NoteMissedWork(kind=kind, times=tuple(found.missed), policy=policy)
        self._give(missed, str(uuid4()), lease)
        logger.warning("due times missed", extra={"job": kind, "count": len(found.missed), "policy": policy})

    def _give(self, command: DueMaintenance | NoteMissedWork, key: str, lease: Lease) -> None:
        try:
            self._dispatch(command, key)
        except NotedAhead:
            # Who still has the role has not been asleep: a clock was ahead, and these times come again.
            with self._read.write() as connection:
                self._leases.confirm(connection, lease)
            self._dispatch(replace(command, anew=True), f"{key}/anew")

    def _dispatch(self, command: DueMaintenance | NoteMissedWork, key: str) -> None:
        self._dispatcher.dispatch(command, Context(actor=SYSTEM, command_key=key, correlation=str(uuid4())))
