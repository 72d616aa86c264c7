"""What each verb about backups needs, and how it says that it cannot have it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps

from countersign.aggregates.root import DomainError
from countersign.cli.backup.place import repository
from countersign.cli.foundation import Foundation, foundation
from countersign.cli.invocation import Invocation
from countersign.cli.refusal import refuse
from countersign.cli.tables import require_log
from countersign.cli.verb_log import configure_verb_log
from countersign.eventstore.backup.refusals import BackupUnusable, TargetUnavailable
from countersign.workers.backup.repository import Repository


@contextmanager
def opened(invocation: Invocation, *, living: bool = True) -> Iterator[tuple[Foundation, Repository]]:
    """The service and its backups; not `living`, there may be no log yet.

    Raises:
        UsageError: there is no log, or nowhere to put backups.
    """
    settings = invocation.settings
    configure_verb_log(settings)
    with foundation(settings) as base, repository(base) as backups:
        if living:
            require_log(base.databases)
        yield base, backups


def explained(run: Callable[[Invocation], int]) -> Callable[[Invocation], int]:
    """A verb whose troubles are told in a sentence."""

    @wraps(run)
    def tried(invocation: Invocation) -> int:
        try:
            return run(invocation)
        except BackupUnusable as unusable:
            return refuse(f"Refused: {unusable}.")
        except TargetUnavailable as away:
            return refuse(f"The target of backups is not to be had: {away}.")
        except DomainError as refused:
            return refuse(f"Refused: {refused.detail}")

    return tried


def add_name(parser: argparse.ArgumentParser, *, wanted: bool = False) -> None:
    """Which backup; unless it is `wanted`, the newest one when none is named."""
    name = parser.add_argument("name", metavar="NAME", nargs=None if wanted else "?", help="one of the list")
    if not wanted:
        name.help = "one of the list (default: the newest)"
