"""`backup create`: one more backup, now."""

from __future__ import annotations

import argparse
import time
from typing import Final

from countersign.cli.backup.opening import opened
from countersign.cli.foundation import utc_now
from countersign.cli.invocation import Invocation
from countersign.cli.projections.verb import Exit, Verb
from countersign.cli.screen import say, show_json
from countersign.cli.spans import span_of
from countersign.eventstore.backup.manifest import Manifest
from countersign.workers.backup.making import MakeBackup

_KIB: Final = 1024


def _run(invocation: Invocation) -> int:
    given = invocation.arguments
    with opened(invocation) as (base, repository):
        began = time.monotonic()
        making = MakeBackup(repository, base.log, base.dispatcher, utc_now)
        last = repository.newest() if given.log else None
        made = making.log_since(last, silent) if last else making.full(silent)
    if given.json:
        show_json(described(made))
    else:
        took = span_of(time.monotonic() - began)
        say(
            f"{made.name}: {made.events} events up to position {made.position}, {made.blobs} files, "
            f"{made.size_bytes / _KIB:,.0f} KiB in {repository.target.place}, in {took}. "
            f"Prove it: countersign backup verify {made.name}"
        )
    return Exit.DONE


def described(made: Manifest) -> dict[str, object]:
    """What scripts are told of a backup."""
    return {
        "id": made.id,
        "name": made.name,
        "kind": "log" if made.follows else "full",
        "follows": made.follows or None,
        "made_at": made.made_at,
        "after": made.after,
        "position": made.position,
        "events": made.events,
        "files": made.blobs,
        "size_bytes": made.size_bytes,
        "manifest_digest": made.digest(),
    }


def silent(_percent: int, _step: str) -> None:
    """Nobody watches."""


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--log", action="store_true", help="only what has come since the last one, which it continues"
    )


CREATE: Final = Verb(
    name="create",
    summary="make one now, while the service goes on",
    run=_run,
    add_arguments=_add_arguments,
)
