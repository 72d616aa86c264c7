"""`countersign backup`: make backups, prove them, and bring the service back."""

from __future__ import annotations

import argparse
from typing import Final

from countersign.cli.backup.asking import APPROVE, REFUSE, REQUEST
from countersign.cli.backup.creating import CREATE
from countersign.cli.backup.listing import LIST
from countersign.cli.backup.opening import explained
from countersign.cli.backup.pruning import PRUNE
from countersign.cli.backup.releasing import RELEASE
from countersign.cli.backup.restoring import RESTORE
from countersign.cli.backup.verifying import DRILL, VERIFY
from countersign.cli.invocation import Invocation, Subcommand
from countersign.cli.places import add_places
from countersign.cli.projections.verb import Verb

_VERBS: Final[tuple[Verb, ...]] = (
    CREATE,
    LIST,
    VERIFY,
    DRILL,
    PRUNE,
    REQUEST,
    APPROVE,
    REFUSE,
    RESTORE,
    RELEASE,
)


def run(invocation: Invocation) -> int:
    """Hand over to the verb."""
    return int(explained(invocation.arguments.act)(invocation))


def _overrides(given: argparse.Namespace) -> dict[str, object]:
    return {} if given.target is None else {"backup.target": given.target}


def _add_common(parser: argparse.ArgumentParser, default: object) -> None:
    parser.add_argument("--json", action="store_true", default=default or False, help="JSON, for scripts")
    parser.add_argument(
        "--target",
        metavar="PLACE",
        default=default,
        help="a folder or s3://bucket/prefix (setting: backup.target)",
    )


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    _add_common(parser, None)
    parser.set_defaults(act=LIST.run, limit=50)
    offered = parser.add_subparsers(title="verbs", metavar="VERB")
    for verb in _VERBS:
        one = offered.add_parser(verb.name, help=verb.summary, description=verb.description or verb.summary)
        add_places(one, argparse.SUPPRESS)
        _add_common(one, argparse.SUPPRESS)
        verb.add_arguments(one)
        one.set_defaults(act=verb.run)


SUBCOMMAND = Subcommand(
    name="backup",
    summary="make backups, prove them, restore: create, list, verify, drill, prune, restore, release",
    description="`create` makes a backup while the service goes on, sealed under a key that is derived from "
    "the folder of keys; `verify` restores one into a scratch place and compares; `drill` also says what a "
    "disaster would cost now; `prune` throws away what is kept no longer. `restore` brings the service back "
    "on an empty machine. Going back to an earlier position takes two people: `request-restore`, "
    "`approve-restore`. After a restore mail and webhooks are held until `release`. Ends with 0 when it is "
    "done, 1 when it was refused, 3 when a backup is not what it should be.",
    run=run,
    add_arguments=_add_arguments,
    overrides=_overrides,
)
