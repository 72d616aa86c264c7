"""Where the settings have backups kept, and the way in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from countersign.cli.derived_keys import backup_key
from countersign.cli.foundation import Foundation, open_databases, store_of_copy
from countersign.cli.invocation import UsageError
from countersign.config.backups import Backup
from countersign.config.settings import Settings
from countersign.eventstore.backup.target import FolderTarget, Target
from countersign.workers.backup.repository import Repository

_PATIENCE_MS: Final = 60_000


def target_of(settings: Settings) -> Target:
    """The folder or the bucket.

    Raises:
        UsageError: none is configured, or a library is missing.
    """
    backup = settings.backup
    if not backup.target:
        raise UsageError("There is nowhere to put backups: set backup.target, or name one with `--target`.")
    if backup.target.startswith("s3://"):
        return _bucket(backup)
    return FolderTarget(settings.data_dir / backup.target)  # an absolute one stays as it is


@contextmanager
def repository(base: Foundation) -> Iterator[Repository]:
    """The backups of a service, with connections of their own that have no time-outs.

    Raises:
        UsageError: as `target_of`.
    """
    settings, target = base.settings, target_of(base.settings)
    databases = open_databases(patient(settings), base.vault)
    try:
        yield Repository(
            target=target,
            key=backup_key(base.keys),
            databases=databases,
            open_store=partial(store_of_copy, base),
            keep=timedelta(days=settings.backup.keep_days),
            keep_at_least=settings.backup.keep_at_least,
            time_limit_s=settings.backup.time_limit_s,
        )
    finally:
        databases.close()


def repository_if_any(base: Foundation, held: ExitStack) -> Repository | None:
    """The same until `held` ends; None where no target is configured."""
    return held.enter_context(repository(base)) if base.settings.backup.target else None


def patient(settings: Settings) -> Settings:
    """Settings under which no statement is broken off, however long a backup takes."""
    database = replace(
        settings.database,
        lock_timeout_ms=_PATIENCE_MS,
        statement_timeout_ms=0,
        idle_transaction_timeout_ms=0,
    )
    return replace(settings, database=database)


def _bucket(backup: Backup) -> Target:
    try:
        # Imported here, since the library is not there in most installations.
        from countersign.eventstore.backup.s3_target import Bucket, S3Target  # noqa: PLC0415
    except ImportError as missing:
        wanted = "pip install 'countersign-server[s3]'"
        raise UsageError(f"backup.target is an object store, which takes a library: {wanted}.") from missing
    place = urlsplit(backup.target)
    return S3Target(
        Bucket(
            name=place.netloc,
            prefix=place.path,
            endpoint=backup.s3_endpoint,
            region=backup.s3_region,
            access_key=backup.s3_access_key.reveal(),
            secret_key=backup.s3_secret_key.reveal(),
        )
    )
