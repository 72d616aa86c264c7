"""Schedulers killed or frozen at any point of a look: each due time is said once, or noted as missed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from sqlalchemy import Connection, select

from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.periodic_work import PeriodicWork
from countersign.commands.catalogue import handlers
from countersign.commands.dispatch import Dispatcher
from countersign.commands.options import Options
from countersign.eventstore.context import Context
from countersign.eventstore.databases import Database, DatabaseOptions, Databases
from countersign.eventstore.leases import Lease, LeaseLost, Leases
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_store import StoreOptions, create_tables, open_store
from countersign.eventstore.receipt import Receipt
from countersign.projections.work import periodic_times
from countersign.workers import schema
from countersign.workers.effects_table import effects
from countersign.workers.options import Periodic, ScheduleOptions
from countersign.workers.periodic.issuing import Issuing
from countersign.workers.periodic.rule import Every
from tests.unit.commands.people.service import Silence

BEGAN = datetime(2026, 3, 2, 9, 30, 0, 200_000, tzinfo=UTC)
ROLE = "scheduler"
POINTS = 40  # more than a look has
Policy = Literal["once", "skip"]


class Killed(BaseException):
    """The process is gone."""


class Course:
    """Counts the points that a scheduler comes by, and lets something happen at one of them."""

    def __init__(self, strike_at: int = 0, strike: Callable[[], None] = lambda: None) -> None:
        self.passed = 0
        self._strike_at, self._strike = strike_at, strike

    def point(self) -> None:
        self.passed += 1
        if self.passed == self._strike_at:
            self._strike()


class CutDatabase(Database):
    """A database with a point before and after each transaction."""

    def __init__(self, real: Database, course: Course) -> None:
        super().__init__(real.name, real.dialect, real.connections)
        self._course = course

    @contextmanager
    def read(self) -> Iterator[Connection]:
        self._course.point()
        with super().read() as connection:
            yield connection
        self._course.point()

    @contextmanager
    def write(self, *, synced: bool = True) -> Iterator[Connection]:
        self._course.point()
        with super().write(synced=synced) as connection:
            yield connection
        self._course.point()


class CutDispatch:
    """A way in with a point before and after each command."""

    def __init__(self, real: Dispatcher, course: Course) -> None:
        self._real, self._course = real, course

    def dispatch(self, command: Any, context: Context) -> Receipt:
        self._course.point()
        receipt = self._real.dispatch(command, context)
        self._course.point()
        return receipt


class Site:
    """One log for schedulers that share it, and a clock that the test sets."""

    def __init__(self, folder: Path) -> None:
        self.now = BEGAN
        self._databases = Databases(DatabaseOptions(url=f"sqlite:////{folder}"))
        create_tables(self._databases)
        periodic_times.create_tables(self._databases.read)
        schema.create_tables(self._databases.read)
        self._log = open_log(self._databases, Silence())
        store = StoreOptions(master_key=b"m" * 32, lookup_key=b"l" * 32)
        self._store = open_store(self._databases, self._log, (MaintenanceJob, PeriodicWork), store)
        self._seen = 0

    def scheduler(self, kind: str, policy: Policy, course: Course, *, quiet: bool = False) -> Issuing:
        def clock() -> datetime:
            now = self.now
            course.point()  # frozen with a time in hand that is old when it is thawed
            return now

        options = Options(
            refresh_key=b"r" * 32,
            second_factor_key=b"f" * 32,
            api_key_secret=b"a" * 32,
            one_time_key=b"o" * 32,
        )
        dispatcher = Dispatcher(handlers(options), self._store, self._log, clock)
        read = CutDatabase(self._databases.read, course)
        schedules = ScheduleOptions(work={kind: Periodic(every_s=1, missed=policy, quiet=quiet)}, grace_s=0.5)
        return Issuing(
            CutDispatch(dispatcher, course), read, Leases(read), schedules, {kind: Every(1)}, clock
        )

    def elect(self, holder: str) -> Lease:
        """Another takes the role at once, whoever has it."""
        lease = Leases(self._databases.read).acquire(ROLE, holder, 0.0)
        assert lease is not None
        return lease

    def set_clock(self, second: float) -> None:
        self.now = BEGAN + timedelta(seconds=second)

    def record(self, kind: str) -> tuple[list[int], list[int]]:
        """The due times that were said, and those that were noted as missed, in seconds."""
        said: list[int] = []
        missed: list[int] = []
        for recorded in self._log.read(self._seen, 10_000):
            match self._store.mapper.happened(recorded).event:
                case MaintenanceJob.Created(kind=this, due_at=due_at) if this == kind:
                    said.append(_second(due_at))
                case PeriodicWork.Missed(kind=this) as event if this == kind:
                    found = range(_second(event.first_due), _second(event.last_due) + 1)
                    assert event.count == len(found)
                    missed.extend(found)
        with self._databases.read.read() as connection:
            quiet = connection.execute(select(effects.c.payload)).scalars()
            said += [_second(datetime.fromisoformat(run["due_at"])) for run in quiet if run["kind"] == kind]
        return said, missed

    def head(self) -> None:
        """Leave out of the record what there is so far."""
        self._seen = self._log.head()

    def close(self) -> None:
        self._databases.close()


def _second(moment: datetime) -> int:
    return round((moment - BEGAN.replace(microsecond=0)).total_seconds())


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with closing(Site(tmp_path)) as site:
        yield site


def look(site: Site, scheduler: Issuing, kind: str, lease: Lease, *seconds: float) -> None:
    for second in seconds:
        site.set_clock(second)
        scheduler.look_at(kind, lease)


def taken_over(site: Site, other: Issuing, kind: str, second: float, killed: bool) -> Callable[[], None]:
    """While one scheduler is cut off, the other is elected and looks; then the first goes on, or does not."""

    def strike() -> None:
        look(site, other, kind, site.elect("b"), second)
        if killed:
            raise Killed

    return strike


def strikes(
    site: Site, policy: Policy, before: tuple[float, ...], killed: bool, *, quiet: bool
) -> Iterator[tuple[int, int, list[int], list[int]]]:
    """What came of it, for each point at which the look that follows those before is cut off."""
    for strike_at in range(1, POINTS):
        kind = f"{policy}-{strike_at}"
        site.head()
        first, later = site.elect("a"), (before[-1] + 4 if before else 4)
        other = site.scheduler(kind, policy, Course(), quiet=quiet)

        look(site, site.scheduler(kind, policy, Course(), quiet=quiet), kind, first, *before)
        course = Course(strike_at, taken_over(site, other, kind, later + 3, killed))
        with suppress(Killed, LeaseLost):
            look(site, site.scheduler(kind, policy, course, quiet=quiet), kind, first, later)
        if course.passed < strike_at:
            return
        look(site, other, kind, site.elect("c"), later + 5)
        yield strike_at, int(later + 5), *site.record(kind)
    pytest.fail("a look has more points than that")


@pytest.mark.parametrize("policy", ["once", "skip"])
@pytest.mark.parametrize("killed", [True, False], ids=["killed", "frozen"])
@pytest.mark.parametrize("before", [(), (0.0,)], ids=["first look", "later look"])
@pytest.mark.parametrize("quiet", [True, False], ids=["quiet", "told"])
def test_each_due_time_is_said_once_or_noted_as_missed_wherever_a_scheduler_is_cut_off(
    site: Site, policy: Policy, killed: bool, before: tuple[float, ...], quiet: bool
) -> None:
    points = 0
    for point, last, said, missed in strikes(site, policy, before, killed, quiet=quiet):
        points += 1
        seen = Counter(said) + Counter(missed)
        began = min(seen)
        assert seen == Counter(range(began, last + 1)), f"cut off at point {point}"
        assert said, f"cut off at point {point}"
    assert points > (6 if quiet else 8)


@pytest.mark.parametrize("killed", [True, False], ids=["killed", "frozen"])
@pytest.mark.parametrize("quiet", [True, False], ids=["quiet", "told"])
def test_a_clock_that_was_ahead_stops_nothing_wherever_a_scheduler_is_cut_off(
    site: Site, killed: bool, quiet: bool
) -> None:
    for strike_at in range(POINTS):
        kind, first = f"ahead-{strike_at}", site.elect("a")
        site.head()
        other = site.scheduler(kind, "once", Course(), quiet=quiet)

        look(site, site.scheduler(kind, "once", Course(), quiet=quiet), kind, first, 0)
        course = Course(strike_at, taken_over(site, other, kind, 5, killed))
        with suppress(Killed, LeaseLost):
            look(site, site.scheduler(kind, "once", course, quiet=quiet), kind, first, 40)
        if course.passed < strike_at:
            return
        look(site, other, kind, site.elect("c"), 5, 6, 9)
        said, missed = site.record(kind)
        assert len(said) == len(set(said)), f"cut off at point {strike_at}"
        assert set(said) >= {0, 5, 6, 9}, f"cut off at point {strike_at}"
        assert set(said) | set(missed) >= set(range(10)), f"cut off at point {strike_at}"
    pytest.fail("a look has more points than that")
