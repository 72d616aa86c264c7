"""`backup prune`: throw away what is kept no longer."""

from __future__ import annotations

import argparse
from typing import Final

from countersign.cli.backup.opening import opened
from countersign.cli.foundation import utc_now
from countersign.cli.invocation import Invocation
from countersign.cli.projections.verb import Exit, Verb
from countersign.cli.screen import say, show_json
from countersign.workers.backup.retention import Prune


def _run(invocation: Invocation) -> int:
    with opened(invocation) as (base, repository):
        gone = Prune(repository, base.dispatcher).prune(utc_now())
        kept = len(repository.names())
    if invocation.arguments.json:
        show_json({"pruned": gone, "kept": kept})
    else:
        say(f"{len(gone)} thrown away, {kept} kept.")
    return Exit.DONE


def _add_arguments(_parser: argparse.ArgumentParser) -> None:
    return None


PRUNE: Final = Verb(
    name="prune",
    summary="throw away what backup.keep_days and backup.keep_at_least do not keep",
    run=_run,
    add_arguments=_add_arguments,
)
