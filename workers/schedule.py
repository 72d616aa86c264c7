"""Says what is due, in the one process that was elected."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import STATE_RUNNING
from apscheduler.triggers.base import BaseTrigger

from countersign.aggregates.root import DomainError
from countersign.eventstore.databases import Database
from countersign.eventstore.leases import Lease, LeaseLost, Leases
from countersign.eventstore.log import LogUnavailable
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.workers.election import Election
from countersign.workers.issuer import Dispatch
from countersign.workers.options import ScheduleOptions
from countersign.workers.periodic.issuing import Issuing
from countersign.workers.periodic.rule import EPOCH, Rule, rule_of

logger = logging.getLogger(__name__)

ROLE = "scheduler"
CLOCK_WAS_SET = timedelta(seconds=2)
NEVER = datetime.max.replace(tzinfo=UTC)


class DueTimes(BaseTrigger):  # type: ignore[misc]  # APScheduler 3 has no types
    """Lets APScheduler fire at the due times of a rule."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """The due time after the one before, however late it was; the first is the next one."""
        return self._rule.next(previous_fire_time or now)


class Schedule:
    """Keeps the times of periodic work while elected: what is due is said once, by whichever process."""

    def __init__(
        self,
        dispatcher: Dispatch,
        read: Database,
        leases: Leases,
        holder: str,
        options: ScheduleOptions,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
        on_quiet_run: Callable[[], None] = lambda: None,
    ) -> None:
        self._rules = {kind: rule_of(work) for kind, work in options.work.items()}
        self._issuing = Issuing(dispatcher, read, leases, options, self._rules, clock, on_quiet_run)
        self._election = Election(leases, ROLE, holder, options.election)
        self._lease: Lease | None = None
        self._due = dict.fromkeys(self._rules, EPOCH)
        self._one_looks = threading.Lock()  # APScheduler's thread, or the one that beats
        self._clock, self._monotonic = clock, monotonic
        self._ahead_by = self._ahead()

    def run(self, stop: threading.Event) -> None:
        """Keep the schedule while elected, until told to stop."""
        scheduler = self._scheduler()
        scheduler.start(paused=True)
        try:
            while not stop.is_set():
                self._obey_election(scheduler)
                stop.wait(self._election.until_next_beat_s())
        finally:
            scheduler.shutdown()
        self._leave()

    def _scheduler(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(executors={"default": ThreadPoolExecutor(1)}, timezone=UTC)
        for kind, rule in self._rules.items():
            scheduler.add_job(
                self._look_at,
                DueTimes(rule),
                args=(kind,),
                id=kind,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,  # late is better than not at all
            )
        return scheduler

    def _look_at(self, kind: str) -> None:
        with self._one_looks:
            self._look(kind)

    def _look(self, kind: str) -> None:
        lease = self._lease
        if lease is None:
            return
        self._due[kind] = EPOCH  # whatever comes of it, unless it is said when the next one is
        try:
            self._due[kind] = self._issuing.look_at(kind, lease) or NEVER
        except LeaseLost as deposed:
            logger.warning("the schedule is kept elsewhere", extra={"reason": str(deposed)})
        except (LogUnavailable, DatabaseUnavailable, DomainError) as trouble:
            logger.warning("not issued", extra={"job": kind, "reason": str(trouble)})

    def _obey_election(self, scheduler: BackgroundScheduler) -> None:
        try:
            lease = self._election.lease()
        except DatabaseUnavailable as outage:
            logger.warning("the schedule waits", extra={"reason": str(outage)})
            lease = None
        newly, self._lease = lease is not None and lease != self._lease, lease
        if lease is None:
            scheduler.pause()
        elif newly or self._clock_was_set() or scheduler.state != STATE_RUNNING:
            self._catch_up(scheduler, lease)
        else:
            self._look_again()

    def _look_again(self) -> None:
        """Say what could not be said when it was due, or was not due yet by a clock that was set a little."""
        if not self._one_looks.acquire(blocking=False):
            return  # the role must be kept while the other thread waits for the log
        try:
            for kind, due_at in tuple(self._due.items()):
                if due_at <= self._clock():
                    self._look(kind)
        finally:
            self._one_looks.release()

    def _catch_up(self, scheduler: BackgroundScheduler, lease: Lease) -> None:
        """Say what was due while nobody kept the schedule; what is due next is found anew."""
        try:
            self._issuing.tidy(lease)
        except (LeaseLost, DatabaseUnavailable) as trouble:
            logger.warning("times of unknown work left", extra={"reason": str(trouble)})
        for kind, rule in self._rules.items():
            scheduler.reschedule_job(kind, trigger=DueTimes(rule))  # before: what comes meanwhile is seen to
            self._look_at(kind)
        scheduler.resume()

    def _clock_was_set(self) -> bool:
        before, self._ahead_by = self._ahead_by, self._ahead()
        return abs(self._ahead_by - before) > CLOCK_WAS_SET

    def _ahead(self) -> timedelta:
        """How far the clock is ahead of one that nobody can set."""
        return self._clock() - EPOCH - timedelta(seconds=self._monotonic())

    def _leave(self) -> None:
        self._lease = None
        try:
            self._election.leave()
        except DatabaseUnavailable as outage:
            logger.warning("role left to its end", extra={"role": ROLE, "reason": str(outage)})
