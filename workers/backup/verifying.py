"""Proves a backup: restores it into a scratch place and compares what is there with the service."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from countersign.eventstore.backup.making import Told, log_digest
from countersign.eventstore.backup.manifest import Manifest
from countersign.eventstore.backup.refusals import BackupUnusable
from countersign.eventstore.backup.soundness import faults_of_contents, faults_of_log
from countersign.eventstore.erasures import erased
from countersign.eventstore.log import Log
from countersign.eventstore.open_store import open_blobs
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.work.document_store import artifacts
from countersign.workers.backup.repository import Repository
from countersign.workers.backup.restoring import restore
from countersign.workers.backup.scratch import Scratch, opened, scratch_databases
from countersign.workers.backup.weighing import Weighed, weigh

_FAULTS_MOST: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a verification found; without `faults` the backup is what it should be.

    `restored_s` is how long the restore took, `took_s` all of it. `behind` are events that the service had
    then and the backup has not: what would be lost. `uncompared` are read tables that did not stand still.
    """

    manifest: Manifest
    faults: tuple[str, ...]
    compared: int
    uncompared: tuple[str, ...]
    behind: int
    restored_s: float
    took_s: float


class VerifyBackup:
    """Compares with the living service, whose log and read tables are only read."""

    def __init__(self, repository: Repository, log: Log) -> None:
        self._repository = repository
        self._log = log

    def verify(self, manifest: Manifest, told: Told) -> Proof:
        """Restore a backup, look at it, and throw the copy away.

        Raises:
            TargetUnavailable, DatabaseUnavailable: it could not be looked at.
        """
        began, behind = time.monotonic(), max(0, self._log.head() - manifest.position)
        with scratch_databases() as databases:
            gone = erased(self._repository.databases.keys)
            try:
                restore(self._repository, manifest, databases, told, erased_since=gone)
            except BackupUnusable as unusable:
                return self._unusable(manifest, behind, f"{unusable}", time.monotonic() - began)
            restored_s = time.monotonic() - began
            scratch = opened(databases, self._repository.open_store)
            faults = [*self._faults(manifest, scratch)]
            told(50, "read tables")
            scratch.make_read_tables()
            faults += _missing_documents(scratch)
            living = self._weigh_living(manifest)
            scratch.take_contents(open_blobs(self._repository.databases), manifest.made_at)
            faults += self._differences(scratch, living)
        return Proof(
            manifest=manifest,
            faults=tuple(faults[:_FAULTS_MOST]),
            compared=sum(one.rows for one in living),
            uncompared=_names_besides(living),
            behind=behind,
            restored_s=restored_s,
            took_s=time.monotonic() - began,
        )

    def _unusable(self, manifest: Manifest, behind: int, fault: str, took_s: float) -> Proof:
        return Proof(
            manifest=manifest,
            faults=(fault,),
            compared=0,
            uncompared=_names_besides([]),
            behind=behind,
            restored_s=took_s,
            took_s=took_s,
        )

    def _faults(self, manifest: Manifest, scratch: Scratch) -> Iterator[str]:
        yield from faults_of_log(scratch.databases.log)
        yield from faults_of_contents(scratch.store.blobs)
        if log_digest(self._log, manifest.after, manifest.position) != manifest.log_digest:
            yield f"the log of the service differs from {manifest.name} up to position {manifest.position}"

    def _weigh_living(self, manifest: Manifest) -> list[Weighed]:
        with self._repository.databases.read.read() as connection:
            return [one for one in weigh(connection, PROJECTIONS) if one.position >= manifest.position]

    def _differences(self, scratch: Scratch, living: list[Weighed]) -> Iterator[str]:
        keys = self._repository.databases.keys
        for position in sorted({one.position for one in living}):
            scratch.go_on(self._log, keys, position)
            there = [one for one in living if one.position == position]
            with scratch.databases.read.read() as connection:
                made_anew = weigh(connection, [one.projection for one in there])
            others = {one.projection.name: one for one in made_anew}
            for one in there:
                yield from _between(one, others.get(one.projection.name))


def _between(living: Weighed, made_anew: Weighed | None) -> Iterator[str]:
    if made_anew is None or made_anew.position != living.position:
        yield f"{living.projection.name} cannot be made from the backup"
        return
    for name, weight in living.tables.items():
        if weight != made_anew.tables[name]:
            yield (
                f"the table {name} has {weight.rows} rows in the service and {made_anew.tables[name].rows} "
                f"when it is made from the backup, and they differ as of position {living.position}"
            )


def _missing_documents(scratch: Scratch) -> Iterator[str]:
    with scratch.databases.read.read() as connection:
        for digest in connection.execute(select(artifacts.c.digest).distinct()).scalars():
            if not scratch.store.blobs.has(digest):
                yield f"the document {digest} is not there"


def _names_besides(living: list[Weighed]) -> tuple[str, ...]:
    seen = {one.projection.name for one in living}
    return tuple(one.name for one in PROJECTIONS if one.name not in seen)
