"""Of quiet work the log hears when there is something new to say, and at least once a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import delete

from countersign.aggregates.maintenance_job import MaintenanceJob, MaintenanceStatus, maintenance_id
from countersign.aggregates.rendering import FailureClass
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.projections.work import periodic_runs, periodic_times
from countersign.projections.work.periodic_runs import last_run
from countersign.projections.work.periodic_times import PeriodicTimes, write_times
from countersign.workers import schema
from countersign.workers.course import Course
from countersign.workers.effect import Effect
from countersign.workers.effects import Effects
from countersign.workers.effects_table import write_effects
from countersign.workers.failure import EffectFailed
from countersign.workers.issuer import Issuer
from countersign.workers.kinds import MONITORING
from countersign.workers.periodic.quiet import quiet_run
from countersign.workers.periodic.running_quietly import RunQuietly
from tests.unit.commands.people.service import Service

KIND = "health_check"


class Site(Service):
    """An installation whose health check finds what the test says."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.read = self._databases.read
        schema.create_tables(self.read)
        periodic_runs.create_tables(self.read)
        periodic_times.create_tables(self.read)
        self.find: Callable[[], Mapping[str, str]] = lambda: {"healthy": "yes"}
        jobs = {KIND: lambda _now, _course: self.find()}
        self.duty = RunQuietly(self.read, Issuer(self.dispatcher), jobs, lambda: self.now)

    def due(self, kind: str = KIND) -> Effect:
        """The run that is due now, as a worker has claimed it."""
        with self.read.write() as connection:
            write_effects(connection, [quiet_run(kind, self.now, self.now)])
        (effect,) = Effects(self.read).claim(MONITORING, "w", self.now, 60.0, 5)
        return effect

    def run(self) -> None:
        effect = self.due()
        self.duty.perform(effect, Course())
        Effects(self.read).complete(effect, self.now)

    def hand_out(self) -> Effect:
        """As the scheduler does it: the run, and up to where it has seen to the kind."""
        times = PeriodicTimes(
            kind=KIND, rule="", missed="once", seen_to=self.now, next_due_at=None, written_at=self.now
        )
        with self.read.write() as connection:
            write_times(connection, times)
        return self.due()

    def job(self) -> MaintenanceJob:
        return self.state(MaintenanceJob, maintenance_id(KIND, self.now))

    def told(self) -> list[Mapping[str, str]]:
        events = (each.event for each in self.happened())
        return [each.result for each in events if isinstance(each, MaintenanceJob.Completed)]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with closing(Site(tmp_path)) as site:
        yield site


def test_a_day_without_news_is_two_events(site: Site) -> None:
    for _ in range(48):
        site.run()
        site.later(minutes=30)
    assert site.topics() == ["maintenance.due", "maintenance.completed"]
    site.run()
    assert site.told() == [{"healthy": "yes", "runs": "1"}, {"healthy": "yes", "runs": "48"}]
    run = last_run(site.read, KIND)
    assert run is not None
    assert (run.due_at, run.says) == (site.now, "healthy yes")


def test_what_changes_is_told_at_once(site: Site) -> None:
    for found in ({"healthy": "yes"}, {"healthy": "no", "unwell": "smtp"}, {"healthy": "yes"}):
        site.find = partial(dict[str, str], found)
        for _ in range(3):
            site.later(minutes=1)
            site.run()
    assert [each.get("unwell", "") for each in site.told()] == ["", "smtp", ""]


def test_a_run_that_fails_becomes_a_job_of_the_log_and_the_next_good_one_is_told(site: Site) -> None:
    def broken() -> Mapping[str, str]:
        raise ValueError("no such table")

    site.run()
    site.later(minutes=1)
    site.find = broken
    site.run()
    assert site.job().status is MaintenanceStatus.DUE
    run = last_run(site.read, KIND)
    assert run is not None
    assert run.says == "no such table"

    site.later(minutes=1)
    site.find = lambda: {"healthy": "yes"}
    site.run()
    assert len(site.told()) == 2


def test_an_outage_is_no_failure(site: Site) -> None:
    def away() -> Mapping[str, str]:
        raise DatabaseUnavailable("gone", 1.0)

    site.find = away
    with pytest.raises(DatabaseUnavailable):
        site.run()
    assert site.topics() == []


def test_a_run_that_takes_its_workers_with_it_is_shown_to_people(site: Site) -> None:
    effect = site.due()
    lost = EffectFailed(FailureClass.UNKNOWN, "its worker was lost 2 times")
    site.duty.failed(effect, lost, site.now + timedelta(minutes=1))
    assert site.topics() == []
    site.duty.failed(effect, lost, None)
    assert site.job().status is MaintenanceStatus.DUE


def test_a_run_that_was_told_is_told_once(site: Site) -> None:
    effect = site.due()
    site.duty.perform(effect, Course())
    site.duty.perform(effect, Course())
    assert len(site.told()) == 1


def test_who_is_lost_after_telling_is_followed_by_one_who_finds_something_else(site: Site) -> None:
    effect = site.due()
    site.duty.perform(effect, Course())
    with site.read.write() as connection:
        connection.execute(delete(periodic_runs.runs))  # it was lost before it wrote that down
    site.find = lambda: {"healthy": "no", "unwell": "smtp"}
    site.duty.perform(replace(effect, fence=effect.fence + 1), Course())
    assert site.told() == [{"healthy": "yes", "runs": "1"}]
    site.later(minutes=1)
    site.run()
    assert site.told()[-1]["unwell"] == "smtp"


def test_of_what_was_due_while_no_worker_was_there_the_last_is_done(site: Site) -> None:
    done = []

    def found() -> Mapping[str, str]:
        done.append(site.now)
        return {"healthy": "yes"}

    site.find = found
    night = []
    for _ in range(5):
        site.later(seconds=10)
        night.append(site.hand_out())
    for effect in night:
        site.duty.perform(effect, Course())
    assert len(done) == 1
    run = last_run(site.read, KIND)
    assert run is not None
    assert run.due_at == site.now


def test_what_a_clock_that_was_ahead_has_written_keeps_nothing_from_being_done(site: Site) -> None:
    site.later(days=1)
    site.hand_out()
    site.later(days=-1)
    site.run()
    assert len(site.told()) == 1


def test_what_is_known_of_a_later_run_stays(site: Site) -> None:
    early = site.due()
    site.later(seconds=30)
    site.run()
    site.duty.perform(early, Course())
    run = last_run(site.read, KIND)
    assert run is not None
    assert run.due_at == site.now


def test_a_kind_that_nobody_knows_is_a_failure(site: Site) -> None:
    with pytest.raises(EffectFailed, match="no such maintenance"):
        site.duty.perform(site.due("metrics_samples"), Course())
