"""`countersign`: one command line for those who set the service up, run it and look after it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence

from countersign.cli import init, keys, passwords, schedule, serve, work
from countersign.cli.configuration import command as configuration
from countersign.cli.demo import command as demo
from countersign.cli.doctor import doctor
from countersign.cli.invocation import Invocation, Subcommand, UsageError
from countersign.cli.jobs import jobs
from countersign.cli.places import add_places
from countersign.cli.projections import command as projections
from countersign.cli.status import status
from countersign.cli.timeline import timeline
from countersign.config.mistakes import ConfigurationInvalid
from countersign.config.private_files import KeyFilesError
from countersign.config.production import require_fit
from countersign.config.vault.trouble import VaultTrouble
from countersign.eventstore.outage import DatabaseUnavailable

SUBCOMMANDS: tuple[Subcommand, ...] = (
    demo.SUBCOMMAND,
    init.SUBCOMMAND,
    serve.SUBCOMMAND,
    work.SUBCOMMAND,
    schedule.SUBCOMMAND,
    status.SUBCOMMAND,
    doctor.SUBCOMMAND,
    timeline.SUBCOMMAND,
    projections.SUBCOMMAND,
    jobs.SUBCOMMAND,
    configuration.SUBCOMMAND,
    keys.SUBCOMMAND,
    passwords.SUBCOMMAND,
)

EXIT_FAILED = 1
EXIT_USAGE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; 0 is success, 1 a failure that was explained, 2 a wrong call."""
    given = _parser().parse_args(arguments)
    try:
        invocation = Invocation(given, _overrides(given))
        if given.subcommand.serves:
            require_fit(invocation.settings)
        return int(given.subcommand.run(invocation))
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="countersign",
        description="Acceptance-test reports as controlled documents: drafted, signed, rendered, mailed.",
        epilog="Settings come from app.yaml, the environment's file and COUNTERSIGN_* variables. "
        "New here? `countersign demo` shows the whole service on this machine.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for subcommand in SUBCOMMANDS:
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
