"""A database that is away for long is looked for so often that read tables move soon after its return."""

from __future__ import annotations

from contextlib import AbstractContextManager
from threading import Event
from typing import cast

from sqlalchemy import Connection

from countersign.eventstore.databases import Database
from countersign.eventstore.leases import Leases
from countersign.eventstore.log import Log, LogUnavailable, Recorded
from countersign.eventstore.mapper import Happened
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.eventstore.wakeups import NoWakeups
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following.runner import Options, Runner

RECOVERED_S = 5.0
LONG_S = 600.0


class Away:
    """A database and a log that do not answer."""

    def head(self) -> int:
        raise LogUnavailable("away")

    def reading(self) -> AbstractContextManager[Connection]:
        raise DatabaseUnavailable("away")

    def writing(self, *, synced: bool = True) -> AbstractContextManager[Connection]:
        raise DatabaseUnavailable("away")

    def close(self) -> None:
        """There is nothing to give back."""


class Hurried(Event):
    """Lets no time pass, remembers how much should have, and is set when that is long."""

    def __init__(self) -> None:
        super().__init__()
        self.waits_s: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits_s.append(timeout or 0.0)
        if sum(self.waits_s) > LONG_S:
            self.set()
        return self.is_set()


def test_after_ten_minutes_without_a_database_it_is_looked_for_as_often_as_before() -> None:
    away, stop = Away(), Hurried()
    read = Database("read", "postgresql", away)
    log, nobody, always = cast("Log", away), NoWakeups("nobody listens"), Options(lease_ttl_s=0.0)
    Runner(log, _unread, read, Leases(read), nobody, PROJECTIONS, "one", always).run(stop)
    assert sum(stop.waits_s) > LONG_S
    assert max(stop.waits_s) < RECOVERED_S / 2


def _unread(recorded: Recorded) -> Happened:
    raise AssertionError(recorded)
