"""The periodic work about backups of an installation, done by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from countersign.cli.backup.place import repository
from countersign.cli.foundation import Foundation, foundation, utc_now
from countersign.workers.backup.jobs import backup_jobs
from countersign.workers.backup.repository import Repository
from countersign.workers.maintenance.duty import Job
from tests.integration.cli.installation import Installation


@contextmanager
def at_work(
    installation: Installation, target: Path
) -> Iterator[tuple[Foundation, Repository, Mapping[str, Job]]]:
    settings = installation.settings
    settings = replace(settings, backup=replace(settings.backup, target=str(target)))
    with foundation(settings) as base, repository(base) as backups:
        yield base, backups, backup_jobs(backups, base.log, base.dispatcher, utc_now)


def silent(_percent: int, _step: str) -> None:
    return None
