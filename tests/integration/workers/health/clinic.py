"""A service whose health is looked at when a test says so; its read tables are kept up at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from countersign.cli.aggregate_classes import AGGREGATES
from countersign.commands.catalogue import handlers
from countersign.commands.dispatch import Dispatcher
from countersign.commands.options import Options
from countersign.eventstore.context import SYSTEM, Context
from countersign.eventstore.databases import Databases
from countersign.eventstore.leases import Leases
from countersign.eventstore.mapper import Happened
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_store import create_tables, open_store
from countersign.eventstore.wakeups import Wakeups
from countersign.projections.building.schema import create
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following.runner import Options as RunnerOptions
from countersign.projections.following.runner import Runner
from countersign.projections.health.reading import Probe
from countersign.workers import schema
from countersign.workers.course import Course
from countersign.workers.health.follow_up import FollowUp
from countersign.workers.health.health_check import HealthCheck
from countersign.workers.health.options import HealthOptions
from tests.unit.commands.documents.office import STORE

KEYS: Mapping[str, Any] = {
    name: b"k" * 32 for name, hint in Options.__annotations__.items() if hint == "bytes"
}


class Clinic:
    """Databases, log, store and the way in for commands; time is what a test says it is."""

    def __init__(self, databases: Databases, wakeups: Wakeups, now: datetime) -> None:
        self.now = now
        self.databases = databases
        create_tables(databases)
        create(databases.read, PROJECTIONS)
        schema.create_tables(databases.read)
        self.log = open_log(databases, wakeups)
        self.store = open_store(databases, self.log, AGGREGATES, STORE)
        self.dispatcher = Dispatcher(handlers(Options(**KEYS)), self.store, self.log, lambda: self.now)
        self._wakeups = wakeups

    def give(self, command: Any, key: str) -> None:
        self.dispatcher.dispatch(command, Context(actor=SYSTEM, command_key=key, correlation="clinic"))

    def look(self, **probes: Probe) -> Mapping[str, str]:
        """One health check, and the read tables as they are afterwards."""
        options = HealthOptions()
        check = HealthCheck(self.databases.read, probes, FollowUp(self.dispatcher, options), options)
        found = check(self.now, Course())
        self.catch_up()
        return found

    def catch_up(self) -> None:
        read = self.databases.read
        decode, options = self.store.mapper.happened, RunnerOptions()
        runner = Runner(self.log, decode, read, Leases(read), self._wakeups, PROJECTIONS, "clinic", options)
        runner.catch_up()
        runner.release()

    def events(self) -> list[Happened]:
        return [self.store.mapper.happened(each) for each in self.log.read(0, 10_000)]
