"""Backups of an installation: the periodic work done by hand, the verbs, and two people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from countersign.aggregates.role import Role
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.cli.backup.place import repository
from countersign.cli.foundation import Foundation, foundation, utc_now
from countersign.commands.account.register_account import RegisterAccount
from countersign.commands.maintenance.due_maintenance import DueMaintenance
from countersign.eventstore.context import SYSTEM, Context
from countersign.workers.backup.jobs import backup_jobs
from countersign.workers.backup.repository import Repository
from countersign.workers.maintenance.duty import Job
from tests.integration.cli.installation import PASSWORD, Installation

WHY = "somebody voided every report"
SECOND = "second@example.com"


@contextmanager
def at_work(
    installation: Installation, target: Path
) -> Iterator[tuple[Foundation, Repository, Mapping[str, Job]]]:
    settings = installation.settings
    settings = replace(settings, backup=replace(settings.backup, target=str(target)))
    with foundation(settings) as base, repository(base) as backups:
        yield base, backups, backup_jobs(backups, base.log, base.dispatcher, utc_now)


def let_something_happen(base: Foundation) -> None:
    """One event that has nothing to do with backups."""
    due = DueMaintenance(kind="clean_up", due_at=utc_now())
    base.dispatcher.dispatch(due, Context(actor=SYSTEM, command_key=str(uuid4()), correlation="test"))


def silent(_percent: int, _step: str) -> None:
    return None


def backup(
    installation: Installation, *arguments: str, typed: str = "", status: int = 0, json: bool = True
) -> Any:
    target = ["--target", str(installation.folder.parent / "backups"), *(["--json"] if json else [])]
    said = installation.run("backup", *arguments, *target, typed=typed)
    assert said.status == status, said.err
    return said.json if json and not status else said.err + said.out


def hire(installation: Installation) -> None:
    """A second operator."""
    with installation.opened() as base:
        roster = base.store.aggregates.find(Roster, ROSTER_ID)
        assert roster is not None
        (administrator,) = roster.roles
        newcomer = RegisterAccount(
            account_id=uuid4(), name="Bo", email=SECOND, password=PASSWORD, role=Role.OPERATOR
        )
        context = Context(actor=administrator, command_key="hire", correlation="hire")
        base.dispatcher.dispatch(newcomer, context)


def events_of(installation: Installation) -> list[Any]:
    with installation.opened() as base:
        return base.log.read(0, 10_000)
