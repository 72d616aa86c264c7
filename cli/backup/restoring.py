"""`backup restore`: bring the service back on an empty machine, or make the copy that two people wanted."""

from __future__ import annotations

import argparse
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from countersign.aggregates.backup import Backup
from countersign.cli.backup.creating import silent
from countersign.cli.backup.naming import named
from countersign.cli.backup.opening import add_name, opened
from countersign.cli.backup.place import patient
from countersign.cli.backup.resumed import tell_resumed
from countersign.cli.foundation import Foundation, foundation, open_databases, utc_now
from countersign.cli.init import make_tables
from countersign.cli.invocation import Invocation, UsageError
from countersign.cli.projections.asking import host_context
from countersign.cli.projections.verb import Exit, Verb
from countersign.cli.refusal import refuse
from countersign.cli.screen import say, show_json
from countersign.cli.spans import span_of
from countersign.commands.backup.complete_restore import CompleteRestore
from countersign.config.secret import SecretUrl
from countersign.config.settings import Settings
from countersign.eventstore.backup.manifest import Manifest
from countersign.eventstore.databases import Databases
from countersign.eventstore.erasures import erased
from countersign.projections.work.outward_hold import outward_hold
from countersign.workers.backup.cut_off import cut_off
from countersign.workers.backup.repository import Repository
from countersign.workers.backup.restoring import restore
from countersign.workers.backup.resuming import Resume, Resumed
from countersign.workers.outward import origin_of

_POSTGRES: Final = ("postgresql://", "postgres://")


def _run(invocation: Invocation) -> int:
    given, began = invocation.arguments, time.monotonic()
    with opened(invocation, living=False) as (base, repository):
        manifest = named(repository, given.name)
        if given.into is None:
            left_out = given.without_register_of
            reached, resumed = _bring_back(base, repository, manifest, left_out), Resumed()
        else:
            agreed = _agreed(base, manifest)
            if agreed is None:
                return refuse(_UNASKED.format(name=manifest.name))
            reached, resumed = _copy(base, repository, manifest, given.into, agreed)
    took_s = time.monotonic() - began
    if given.json:
        done = {
            "name": manifest.name,
            "position": reached,
            "took_s": round(took_s, 3),
            "held": ["mail", "webhooks"],
        }
        show_json({**done, **asdict(resumed)})
    else:
        say(_DONE.format(name=manifest.name, reached=reached, took=span_of(took_s)))
        tell_resumed(resumed)
        say(_HELD)
    return Exit.DONE


def _bring_back(
    base: Foundation, repository: Repository, manifest: Manifest, without_registers: Collection[str]
) -> int:
    """What nobody has lost needs no second person: all of the backup goes to where nothing is."""
    base.settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _place(base, base.settings) as databases:
        reached = restore(
            repository,
            manifest,
            databases,
            silent,
            held_at=utc_now(),
            without_registers=without_registers,
        )
    with foundation(base.settings) as copy:
        _note_origin(copy)
    return reached


def _copy(
    base: Foundation, repository: Repository, manifest: Manifest, into: str, position: int
) -> tuple[int, Resumed]:
    there = _settings_of(base.settings, into)
    with _place(base, there) as databases:
        gone = erased(base.databases.keys)
        reached = restore(
            repository, manifest, databases, silent, position, erased_since=gone, held_at=utc_now()
        )
    behind = cut_off(base.databases.log, base.log, reached)
    with foundation(there) as copy:
        _note_origin(copy)
        resume = Resume(copy.log, copy.store, copy.databases.read, copy.dispatcher)
        resumed = resume.resume(reached, behind, utc_now())
    left_out = base.log.head() - reached
    _give(base, CompleteRestore(backup_id=manifest.id, to_position=reached, left_out=left_out))
    return reached, resumed


def _agreed(base: Foundation, manifest: Manifest) -> int | None:
    """The position up to which two people want it restored."""
    backup = base.store.aggregates.find(Backup, manifest.id)
    request = backup.request if backup else None
    return request.to_position if request and request.approved_by else None


@contextmanager
def _place(base: Foundation, settings: Settings) -> Iterator[Databases]:
    databases = open_databases(patient(settings), base.vault)
    try:
        yield databases
        make_tables(databases, settings)
    finally:
        databases.close()


def _note_origin(copy: Foundation) -> None:
    if (hold := outward_hold(copy.databases.read)) is not None:
        _give(copy, origin_of(hold))


def _give(base: Foundation, command: Any) -> None:
    base.dispatcher.dispatch(command, host_context())


def _settings_of(settings: Settings, into: str) -> Settings:
    """Those of the place; its keys are the ones of this installation."""
    if into.startswith(_POSTGRES):
        database = replace(
            settings.database, url=SecretUrl(into), listen_url=SecretUrl(""), keys_url=SecretUrl("")
        )
        return replace(settings, database=database)
    folder = Path(into).absolute()
    if folder == settings.data_dir.absolute():
        raise UsageError("--into is where the service is: name another place.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    nowhere = SecretUrl("")
    database = replace(settings.database, url=nowhere, listen_url=nowhere, keys_url=nowhere)
    return replace(settings, data_dir=folder, database=database)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_name(parser)
    parser.add_argument(
        "--into",
        metavar="PLACE",
        help="an empty folder, or the URL of an empty PostgreSQL database, beside the service that runs",
    )
    parser.add_argument(
        "--without-register-of",
        metavar="NAME",
        action="append",
        default=[],
        help="a later backup whose register of erasures cannot be read (docs/backup.md)",
    )


_UNASKED: Final = (
    "Refused: two people have not agreed to it. One asks with `countersign backup request-restore {name}`, "
    "another one agrees with `countersign backup approve-restore {name}`."
)
_DONE: Final = (
    "{name}: restored up to position {reached}, in {took}. The read tables are made from the log as soon as "
    "`countersign work` runs; see `countersign status`."
)
_HELD: Final = (
    "Mail and webhooks are held: what the restored service wants sent may have left before, and nobody there "
    "knows. Once `countersign work` has made the read tables, look (`countersign jobs list --state queued`), "
    'cancel what must not go, then: countersign backup release --reason "..."'
)
RESTORE: Final = Verb(
    name="restore",
    summary="bring all of it back on an empty machine, or carry out what two people agreed to",
    description="Without `--into` the backup goes to where the settings say, which must be empty: the way "
    "back after a loss. It takes the folder of keys of the installation, which no backup holds. With "
    "`--into` it makes the copy that was asked for with `request-restore` and agreed to with "
    "`approve-restore`, up to the position that was agreed on. Nothing is ever overwritten, "
    "and a restore that was interrupted is called again.",
    run=_run,
    add_arguments=_add_arguments,
)
