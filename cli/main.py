"""`countersign`: one command line for those who set the service up, run it and look after it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import Final

from sqlalchemy.exc import DBAPIError

from countersign.cli.invocation import Invocation, Subcommand, UsageError
from countersign.cli.places import add_places
from countersign.config.mistakes import ConfigurationInvalid
from countersign.config.private_files import KeyFilesError
from countersign.config.production import require_fit
from countersign.config.vault.trouble import VaultTrouble
from countersign.eventstore.outage import DatabaseUnavailable, is_of_another_version

SUBCOMMANDS: Final[Mapping[str, str]] = {
    "demo": "countersign.cli.demo.command",
    "init": "countersign.cli.init",
    "serve": "countersign.cli.serve",
    "work": "countersign.cli.work",
    "schedule": "countersign.cli.schedule",
    "status": "countersign.cli.status.status",
    "doctor": "countersign.cli.doctor.doctor",
    "timeline": "countersign.cli.timeline.timeline",
    "projections": "countersign.cli.projections.command",
    "jobs": "countersign.cli.jobs.jobs",
    "mail": "countersign.cli.mail.command",
    "webhooks": "countersign.cli.webhooks.command",
    "incidents": "countersign.cli.incidents.command",
    "database": "countersign.cli.database.command",
    "maintenance": "countersign.cli.maintenance.command",
    "schedules": "countersign.cli.schedules.command",
    "config": "countersign.cli.configuration.command",
    "keys": "countersign.cli.keys",
    "backup": "countersign.cli.backup.command",
    "passwords": "countersign.cli.passwords",
}
"""The module of each, imported when it is called for: what a process has imported it keeps for months."""

OTHER_TABLES: Final = (
    "The tables are those of another version: run `countersign init`, "
    "then `countersign projections rebuild all`."
)
EXIT_FAILED = 1
EXIT_USAGE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; 0 is success, 1 a failure that was explained, 2 a wrong call."""
    said = sys.argv[1:] if arguments is None else arguments
    given = _parser(said).parse_args(said)
    try:
        invocation = Invocation(given, _overrides(given))
        if given.subcommand.serves:
            require_fit(invocation.settings)
        return _done(invocation)
    except ConfigurationInvalid as invalid:
        return _explain(f"The configuration is not valid:\n{invalid}", EXIT_USAGE)
    except UsageError as wrong:
        return _explain(str(wrong), EXIT_USAGE)
    except (KeyFilesError, VaultTrouble) as trouble:
        return _explain(str(trouble), EXIT_FAILED)
    except DatabaseUnavailable as away:
        return _explain(f"The database is not to be had: {away}\nTry `countersign doctor`.", EXIT_FAILED)
    except KeyboardInterrupt:
        return _explain("Interrupted.", EXIT_FAILED)


def _done(invocation: Invocation) -> int:
    try:
        return int(invocation.arguments.subcommand.run(invocation))
    except EOFError as nothing:
        raise UsageError("Nothing was typed. A script gives it with `--password-stdin`.") from nothing
    except DBAPIError as wrong_statement:
        if not is_of_another_version(wrong_statement):
            raise
        return _explain(f"{OTHER_TABLES} ({str(wrong_statement.orig).strip()})", EXIT_FAILED)


def subcommands(names: Iterable[str] = SUBCOMMANDS) -> Sequence[Subcommand]:
    """Those of these names."""
    return [import_module(SUBCOMMANDS[name]).SUBCOMMAND for name in names]


def _parser(said: Sequence[str]) -> argparse.ArgumentParser:
    called = [word for word in said[:1] if word in SUBCOMMANDS]
    parser = argparse.ArgumentParser(
        prog="countersign",
        description="Acceptance-test reports as controlled documents: drafted, signed, rendered, mailed.",
        epilog="Settings come from app.yaml, the environment's file and COUNTERSIGN_* variables. "
        "New here? `countersign demo` shows the whole service on this machine.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for subcommand in subcommands(called or SUBCOMMANDS):
        one = commands.add_parser(
            subcommand.name, help=subcommand.summary, description=subcommand.description or subcommand.summary
        )
        add_places(one)
        subcommand.add_arguments(one)
        one.set_defaults(subcommand=subcommand)
    return parser


def _overrides(given: argparse.Namespace) -> dict[str, object]:
    named = {"data_dir": given.data_dir, "database.url": given.database_url, "redis.url": given.redis_url}
    overrides: dict[str, object] = {path: value for path, value in named.items() if value is not None}
    own: Mapping[str, object] = given.subcommand.overrides(given)
    return {**overrides, **own}


def _explain(sentence: str, status: int) -> int:
    print(sentence, file=sys.stderr)  # noqa: T201 - the command line speaks to its user
    return status


if __name__ == "__main__":
    sys.exit(main())
