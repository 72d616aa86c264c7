"""Follows the log for the reactions, in the one process that was elected."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence

from countersign.eventstore.databases import Database
from countersign.eventstore.event_decoder import UnreadableEvent
from countersign.eventstore.leases import Lease, LeaseLost, Leases
from countersign.eventstore.log import Log, LogUnavailable, Recorded
from countersign.eventstore.mapper import EventMapper, Happened
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.eventstore.topics import UnknownTopic
from countersign.eventstore.waiting import Waiting
from countersign.eventstore.wakeups import EFFECTS, LOG, Wakeups
from countersign.workers import reaction_checkpoints
from countersign.workers.effects_table import write_effects
from countersign.workers.election import Election
from countersign.workers.following import Following, Wish
from countersign.workers.options import ReactionOptions
from countersign.workers.reaction_checkpoints import Deposed
from countersign.workers.reactions.reaction import Reaction

logger = logging.getLogger(__name__)

ROLE = "reactions"


class ReactionRunner:
    """Writes the effects that follow from each event, once, with the checkpoints in one transaction."""

    def __init__(  # noqa: PLR0913 - the parts of following
        self,
        *,
        log: Log,
        mapper: EventMapper,
        read: Database,
        leases: Leases,
        wakeups: Wakeups,
        reactions: Sequence[Reaction],
        holder: str,
        options: ReactionOptions,
        on_effects: Callable[[Collection[str]], None] = lambda _queues: None,
    ) -> None:
        self._log = log
        self._mapper = mapper
        self._read = read
        self._leases = leases
        self._wakeups = wakeups
        self._reactions = reactions
        self._options = options
        self._on_effects = on_effects
        self._election = Election(leases, ROLE, holder, options.election)
        self._elected: Lease | None = None
        self._following = Following((), {})
        self._save_by = 0.0

    def run(self, stop: threading.Event) -> None:
        """Follow the log until told to stop, while this process is the elected one."""
        with self._wakeups.listen(LOG) as listener:
            waiting = Waiting(listener, self._options.poll_s, stop)
            while not stop.is_set():
                try:
                    busy = self.step()
                except (LogUnavailable, DatabaseUnavailable) as outage:
                    logger.warning("reactions wait", extra={"reason": str(outage)})
                    stop.wait(outage.retry_after_s)
                    continue
                if busy:
                    waiting.found()
                else:
                    waiting.wait(self._election.until_next_beat_s())
        self._leave()

    def step(self) -> bool:
        """Take the next page; whether there was one.

        Raises:
            LogUnavailable, DatabaseUnavailable: nothing of the page was written.
        """
        lease = self._election.lease()
        if lease is None:
            self._elected = None
            return False  # the elected one follows; this process tries again at its next heartbeat
        try:
            if lease != self._elected:
                self._begin(lease)
            return self._advance(lease)
        except (LeaseLost, Deposed) as deposed:
            logger.warning("reactions are run elsewhere", extra={"reason": str(deposed)})
            self._election.lost()
            self._elected = None
            return False

    def _begin(self, lease: Lease) -> None:
        names = [reaction.name for reaction in self._reactions]
        head = self._log.head()
        with self._read.write() as connection:
            self._leases.confirm(connection, lease)
            stored = reaction_checkpoints.begin(connection, names, head)
        self._following = Following(self._reactions, stored)
        self._elected = lease

    def _advance(self, lease: Lease) -> bool:
        position = self._following.position()
        page = [] if position is None else self._log.read(position, self._options.batch_size)
        try:
            wishes = self._take(page)
            # Without effects a while later does as well: to take events twice does no harm.
            if wishes or (self._following.unsaved and time.monotonic() >= self._save_by):
                self._save(lease, wishes)
        except BaseException:
            self._elected = None  # what was taken and not saved is taken again
            raise
        return bool(page)

    def _take(self, page: Sequence[Recorded]) -> list[Wish]:
        readable: list[Happened] = []
        for recorded in page:
            try:
                readable.append(self._mapper.happened(recorded))
            except (UnreadableEvent, UnknownTopic) as unreadable:
                wishes = self._following.take(readable)
                self._following.stop_all(recorded.position, str(unreadable))
                return wishes
        return self._following.take(readable)

    def _save(self, lease: Lease, wishes: Sequence[Wish]) -> None:
        with self._read.write(synced=False) as connection:
            self._leases.confirm(connection, lease)
            written = write_effects(connection, wishes)
            self._following.save(connection)
        self._following.saved()
        self._save_by = time.monotonic() + self._options.poll_s
        if written:
            self._on_effects({wanted.queue for wanted, _ in wishes})
            self._wakeups.signal(EFFECTS)

    def _leave(self) -> None:
        try:
            if self._elected is not None and self._following.unsaved:
                self._save(self._elected, ())
            self._election.leave()
        except (LeaseLost, Deposed, DatabaseUnavailable) as trouble:
            logger.warning("reactions left without a last checkpoint", extra={"reason": str(trouble)})
