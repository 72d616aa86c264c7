"""How that stands which keeps the service going: workers, due times and backups."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import inspect

from countersign.aggregates.kept_backup import BackupStatus
from countersign.cli.spans import span_of
from countersign.cli.status.problem import Component, Problem, broken, strained
from countersign.eventstore.databases import Database
from countersign.projections.projection import view_of
from countersign.projections.work.backups import backups
from countersign.projections.work.backups_queries import BackupRow, backup_page, newest_whole
from countersign.projections.work.outward_hold import OutwardHold, holds, outward_hold
from countersign.projections.work.periodic_runs import PeriodicRun, periodic_runs, runs
from countersign.projections.work.periodic_times import PeriodicTimes, periodic_times, times
from countersign.workers.roll import Roll, WorkerSeen, WorkerState
from countersign.workers.workers_table import workers

_LATE: Final = timedelta(minutes=5)
_OLD: Final = timedelta(hours=26)
_BACKUP: Final = "backup"


@dataclass(frozen=True, slots=True)
class Keeping:
    """The processes that work, how periodic work went and when it is due next, and the newest backups.

    `hold` is why mail and webhooks are held, if they are.
    """

    workers: Sequence[WorkerSeen] = ()
    periodic: Sequence[PeriodicTimes] = ()
    runs: Mapping[str, PeriodicRun] = field(default_factory=dict)
    last_whole: BackupRow | None = None
    last_failed: BackupRow | None = None
    hold: OutwardHold | None = None


def keeping(read: Database, now: datetime) -> Keeping:
    """Look, as far as there are tables."""
    with read.read() as connection:
        there = {*inspect(connection).get_table_names(), *inspect(connection).get_view_names()}
    has_backups = view_of(backups).name in there
    failures = backup_page(read, status=str(BackupStatus.FAILED), limit=1).rows if has_backups else ()
    return Keeping(
        workers=Roll(read, lambda: now).workers() if workers.name in there else (),
        periodic=periodic_times(read) if times.name in there else (),
        runs=periodic_runs(read) if runs.name in there else {},
        last_whole=newest_whole(read) if has_backups else None,
        last_failed=failures[0] if failures else None,
        hold=outward_hold(read) if holds.name in there else None,
    )


def figures_of_keeping(found: Keeping, now: datetime) -> Mapping[str, float]:
    """What there is to measure of the newest backup."""
    last = found.last_whole
    if last is None or last.finished_at is None:
        return {}
    return {
        "age_seconds": (now - last.finished_at).total_seconds(),
        "size_bytes": float(last.size_bytes or 0),
    }


def problems_of_keeping(found: Keeping, roles: Collection[str], now: datetime) -> Iterator[Problem]:
    """What is late, silent or old; `roles` are those that somebody holds."""
    for seen in found.workers:
        if seen.state is WorkerState.SILENT and not _is_replaced(seen, found.workers):
            silent = span_of((now - seen.worker.seen_at).total_seconds())
            yield strained(
                Component.WORKERS,
                f"The worker {seen.worker.pid} on {seen.worker.host} has not been heard of for {silent}.",
                "Others take over what it held. If it hangs, stop it (`kill -9`) and start another; "
                "`countersign jobs workers` tells who lives.",
            )
    if "scheduler" in roles:
        yield from _late(found.periodic, now)
    yield from _of_hold(found)
    yield from _of_backups(found, now)


def _is_replaced(gone: WorkerSeen, all_of_them: Sequence[WorkerSeen]) -> bool:
    """Whether another one for the same work began on that machine after it was last heard of."""
    return any(
        other.state is WorkerState.WORKING
        and other.worker.host == gone.worker.host
        and other.worker.parts == gone.worker.parts
        and other.worker.since > gone.worker.seen_at
        for other in all_of_them
    )


def _late(periodic: Sequence[PeriodicTimes], now: datetime) -> Iterator[Problem]:
    for each in periodic:
        if each.next_due_at is not None and now - each.next_due_at > _LATE:
            late = span_of((now - each.next_due_at).total_seconds())
            yield strained(
                Component.SCHEDULE,
                f"The periodic work {each.kind} has been due for {late}, and nobody has said so.",
                "Look at the log of `countersign schedule`, and start it anew.",
            )


def _of_hold(found: Keeping) -> Iterator[Problem]:
    if (hold := found.hold) is not None:
        yield strained(
            Component.QUEUES,
            f"Mail and webhooks are held since the service was restored from {hold.name} "
            f"up to position {hold.position}: some of what waits may have left before.",
            "Look at what waits (`countersign jobs list --state queued`), cancel what must not go; "
            'then `countersign backup release --reason "..."`.',
        )


def _of_backups(found: Keeping, now: datetime) -> Iterator[Problem]:
    whole, failed = found.last_whole, found.last_failed
    if failed is not None and (whole is None or failed.position > whole.position):
        yield broken(
            Component.BACKUPS,
            f"The last backup failed: {failed.message or 'nobody said why'}.",
            "Mend the cause, then `countersign backup create`; docs/runbook.md, A backup failed.",
        )
    if whole is not None and whole.faults:
        yield broken(
            Component.BACKUPS,
            f"The newest backup is not sound: {whole.faults[0]}.",
            f"Make another one (`countersign backup create`), and keep {whole.name} to be looked into.",
        )
    if all(each.kind != _BACKUP for each in found.periodic):
        return
    if whole is None or whole.finished_at is None:
        yield strained(
            Component.BACKUPS, "There is no whole backup yet.", "`countersign backup create` makes one."
        )
    elif now - whole.finished_at > _OLD:
        age = span_of((now - whole.finished_at).total_seconds())
        yield strained(
            Component.BACKUPS,
            f"The newest backup is {age} old.",
            "`countersign backup list` shows why; `countersign backup create` makes one.",
        )
