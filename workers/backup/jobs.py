"""The periodic work about backups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from countersign.aggregates.backup import Backup
from countersign.aggregates.kept_backup import BackupKind, BackupStatus
from countersign.aggregates.rendering import FailureClass
from countersign.commands.backup.record_backup_verification import RecordBackupVerification
from countersign.eventstore.backup.refusals import BackupUnusable, TargetUnavailable
from countersign.eventstore.log import Log
from countersign.projections.work.backups_queries import backup_page
from countersign.projections.work.outward_hold import outward_hold
from countersign.workers.backup.giving import give
from countersign.workers.backup.making import MakeBackup, adopt_whole
from countersign.workers.backup.repository import Repository
from countersign.workers.backup.retention import Prune
from countersign.workers.backup.verifying import Proof, VerifyBackup
from countersign.workers.course import Course
from countersign.workers.failure import EffectFailed
from countersign.workers.issuer import Dispatch
from countersign.workers.maintenance.duty import Job

Clock = Callable[[], datetime]
_PAGE: Final = 500
_OF_MAKING: Final = frozenset(
    {Backup.Created.TOPIC, Backup.Completed.TOPIC, Backup.Failed.TOPIC, Backup.BrokenOff.TOPIC}
)


def backup_jobs(
    repository: Repository | None, log: Log, dispatcher: Dispatch, clock: Clock
) -> Mapping[str, Job]:
    """The jobs by their kind; without a repository each says that there is no target."""
    if repository is None:
        return dict.fromkeys(("backup", "log_backup", "backup_verification"), _nowhere)
    making, pruning = MakeBackup(repository, log, dispatcher, clock), Prune(repository, dispatcher)
    verifying = VerifyBackup(repository, log)

    def full(now: datetime, course: Course) -> Mapping[str, str]:
        adopt_whole(repository, dispatcher, now)
        made = making.full(_told(course))
        return _said(made.name, made.events, made.size_bytes) | {"pruned": _pruned(repository, pruning, now)}

    def since_the_last(now: datetime, course: Course) -> Mapping[str, str]:
        adopt_whole(repository, dispatcher, now)
        last = repository.to_be_continued(log)
        if last is None and _first_is_to_come(repository):
            return {"backup": "none", "left_to": "the first one of the whole log"}
        if last is not None and not _has_news(log, last.position):
            return {"backup": "none", "nothing_since": last.name}
        made = making.log_since(last, _told(course)) if last else making.full(_told(course))
        return _said(made.name, made.events, made.size_bytes)

    def verification(_now: datetime, course: Course) -> Mapping[str, str]:
        newest = repository.newest()
        if newest is None:
            return {"backup": "none"}
        proof = verifying.verify(newest, _told(course))
        note_proof(dispatcher, proof)
        return {
            "backup": newest.name,
            "compared_rows": f"{proof.compared}",
            "faults": "; ".join(proof.faults) or "none",
        }

    jobs = {"backup": full, "log_backup": since_the_last, "backup_verification": verification}
    return {
        kind: _with_its_time(_telling_trouble(job), repository.time_limit_s) for kind, job in jobs.items()
    }


def note_proof(dispatcher: Dispatch, proof: Proof) -> None:
    """Tell the log what a verification has shown."""
    found = RecordBackupVerification(
        backup_id=proof.manifest.id,
        events=proof.manifest.events,
        blobs=proof.manifest.blobs,
        compared=proof.compared,
        took_s=round(proof.took_s, 3),
        faults=proof.faults,
    )
    give(dispatcher, found)


def _pruned(repository: Repository, pruning: Prune, now: datetime) -> str:
    if outward_hold(repository.databases.read) is not None:  # a copy, perhaps: they may be another's
        return "none while mail and webhooks are held"
    return f"{len(pruning.prune(now))}"


def _first_is_to_come(repository: Repository) -> bool:
    """Whether no backup of the whole log has come to an end yet: the two kinds of work begin together."""
    newest = backup_page(repository.databases.read, kind=str(BackupKind.FULL), limit=1).rows
    return not newest or newest[0].status == BackupStatus.STARTED


def _has_news(log: Log, position: int) -> bool:
    """Whether anything came after that but the making of backups: none is made for the sake of the last."""
    while page := log.read(position, _PAGE):
        if any(each.topic not in _OF_MAKING for each in page):
            return True
        position = page[-1].position
    return False


def _with_its_time(job: Job, time_limit_s: float) -> Job:
    def timed(now: datetime, course: Course) -> Mapping[str, str]:
        course.allow(time_limit_s)
        return job(now, course)

    return timed


def _telling_trouble(job: Job) -> Job:
    def tried(now: datetime, course: Course) -> Mapping[str, str]:
        try:
            return job(now, course)
        except TargetUnavailable as trouble:
            raise EffectFailed(FailureClass.TRANSIENT, f"{trouble}") from trouble
        except BackupUnusable as trouble:
            raise EffectFailed(FailureClass.VALIDATION, f"{trouble}") from trouble

    return tried


def _nowhere(_now: datetime, _course: Course) -> Mapping[str, str]:
    raise EffectFailed(FailureClass.VALIDATION, "no backup.target is configured")


def _told(course: Course) -> Callable[[int, str], None]:
    def tell(percent: int, step: str) -> None:
        course.tell(percent, step)
        course.go_on()

    return tell


def _said(name: str, events: int, size_bytes: int) -> dict[str, str]:
    return {"backup": name, "events": f"{events}", "size_bytes": f"{size_bytes}"}
