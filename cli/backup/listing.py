"""`backup list`: what is in the target."""

from __future__ import annotations

import argparse
from typing import Any, Final

from countersign.aggregates.backup import Backup
from countersign.cli.backup.creating import described
from countersign.cli.backup.opening import opened
from countersign.cli.bounded import row_count
from countersign.cli.foundation import Foundation
from countersign.cli.invocation import Invocation
from countersign.cli.listing import show_rows
from countersign.cli.projections.verb import Exit, Verb
from countersign.cli.screen import say, show_json
from countersign.eventstore.backup.manifest import Manifest
from countersign.eventstore.backup.refusals import BackupUnusable
from countersign.workers.backup.repository import Repository

_COLUMNS: Final = ("name", "kind", "position", "events", "files", "size_bytes", "proven")


def _run(invocation: Invocation) -> int:
    given = invocation.arguments
    with opened(invocation, living=False) as (base, repository):
        rows = [_row(base, repository, name) for name in repository.names()[-given.limit :]]
        place = repository.target.place
    if given.json:
        show_json({"place": place, "backups": rows})
    elif rows:
        show_rows(_COLUMNS, rows)
    else:
        say(f"There is no backup in {place}.")
    return Exit.DONE


def _row(base: Foundation, repository: Repository, name: str) -> dict[str, Any]:
    try:
        manifest = repository.manifest(name)
    except BackupUnusable as unusable:
        return {"name": name, "kind": "unusable", "proven": f"{unusable}"}
    return {**described(manifest), "proven": _proven(base, manifest)}


def _proven(base: Foundation, manifest: Manifest) -> str:
    if not _has_log(base):
        return "not known here"
    backup = base.store.aggregates.find(Backup, manifest.id)
    if backup is None:
        return "not known here"
    return {None: "not yet", True: "yes", False: "NO"}[backup.proven]


def _has_log(base: Foundation) -> bool:
    folder = base.databases.folder
    return folder is None or (folder / "log.db").exists()


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--limit", type=row_count, default=50, metavar="N", help="the newest (default: 50)")


LIST: Final = Verb(
    name="list",
    summary="what is in the target, and whether it was proven",
    run=_run,
    add_arguments=_add_arguments,
)
