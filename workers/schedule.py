"""Issues the periodic commands, in the one process that was elected."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import STATE_RUNNING
from apscheduler.triggers.interval import IntervalTrigger

from countersign.aggregates.root import DomainError
from countersign.commands.maintenance.due_maintenance import DueMaintenance
from countersign.eventstore.context import SYSTEM, Context
from countersign.eventstore.leases import Leases
from countersign.eventstore.log import LogUnavailable
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.workers.election import Election
from countersign.workers.issuer import Dispatch
from countersign.workers.options import ScheduleOptions

logger = logging.getLogger(__name__)

ROLE = "scheduler"
EPOCH = datetime.fromtimestamp(0, UTC)


class Schedule:
    """Says what is due, under a key of kind and due time: said twice, it is due once."""

    def __init__(
        self,
        dispatcher: Dispatch,
        leases: Leases,
        holder: str,
        options: ScheduleOptions,
        clock: Callable[[], datetime],
    ) -> None:
        self._dispatcher = dispatcher
        self._options = options
        self._clock = clock
        self._election = Election(leases, ROLE, holder, options.election)

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

    def issue(self, kind: str) -> None:
        """Say that a job is due, at the latest of its due times."""
        due_at = latest_due(self._clock(), self._options.every_s[kind])
        key = f"{kind}/{due_at.isoformat()}"
        context = Context(actor=SYSTEM, command_key=key, correlation=str(uuid4()))
        try:
            self._dispatcher.dispatch(DueMaintenance(kind=kind, due_at=due_at), context)
        except (LogUnavailable, DatabaseUnavailable, DomainError) as trouble:
            logger.warning(
                "not issued", extra={"job": kind, "due_at": due_at.isoformat(), "reason": str(trouble)}
            )
        else:
            logger.info("due", extra={"job": kind, "due_at": due_at.isoformat()})

    def _scheduler(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(executors={"default": ThreadPoolExecutor(1)}, timezone=UTC)
        for kind, every_s in self._options.every_s.items():
            scheduler.add_job(
                self.issue,
                IntervalTrigger(seconds=every_s, start_date=EPOCH, timezone=UTC),
                args=(kind,),
                id=kind,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,  # late is better than not at all
            )
        return scheduler

    def _obey_election(self, scheduler: BackgroundScheduler) -> None:
        try:
            elected = self._election.lease() is not None
        except DatabaseUnavailable as outage:
            logger.warning("the schedule waits", extra={"reason": str(outage)})
            elected = False
        if elected and scheduler.state != STATE_RUNNING:
            for kind in self._options.every_s:  # what was due while nobody held the role
                self.issue(kind)
            scheduler.resume()
        elif not elected:
            scheduler.pause()

    def _leave(self) -> None:
        try:
            self._election.leave()
        except DatabaseUnavailable as outage:
            logger.warning("role left to its end", extra={"role": ROLE, "reason": str(outage)})


def latest_due(now: datetime, every_s: int) -> datetime:
    """The last multiple of the interval: every scheduler means the same times, whenever it was started."""
    return EPOCH + (now - EPOCH) // timedelta(seconds=every_s) * timedelta(seconds=every_s)
