"""`countersign demo`: the whole service at work, once from beginning to end, on this machine."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from types import FrameType
from typing import Final

from countersign.cli.demo.claim import claimed, run_in
from countersign.cli.demo.client import Unreachable
from countersign.cli.demo.doors import opened
from countersign.cli.demo.performance import NotSetUp, Performance
from countersign.cli.demo.run_file import save_run
from countersign.cli.demo.story import StepFailed
from countersign.cli.demo.summary import way_on
from countersign.cli.demo.supervision import ProcessBroken
from countersign.cli.invocation import Invocation, Subcommand, UsageError
from countersign.cli.screen import say
from countersign.config.environ_layer import ENVIRONMENT

_DESCRIPTION: Final = """Set up a new installation on free ports (SQLite, or the PostgreSQL that is named),
run API, workers, scheduler and a mail catcher, and do the whole job on it as a client over HTTP: a report is
drafted, sent back once, signed by two managers, made into a Word document, mailed and shown from its history.
Then it keeps serving. A demo that was stopped or killed goes on with --data-dir."""
_DONE: Final = 0
_FAILED: Final = 1


def run(invocation: Invocation) -> int:
    """Give the performance, and say what went wrong if something did."""
    given = invocation.arguments
    if os.environ.get(ENVIRONMENT) == "production":
        raise UsageError(f"No demo in production: {ENVIRONMENT} says that this machine serves.")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job inherits it ignored
    with (
        claimed(given.data_dir) as folder,
        opened(run_in(folder, given.database_url, given.redis_url)) as (this, doors),
    ):
        save_run(folder.run_file, this)
        say(f"Countersign's demo, in {folder.path}")
        try:
            Performance(this, folder, doors, given.api_processes, given.worker_processes).give(
                keep_serving=not given.exit
            )
        except KeyboardInterrupt:
            say("Stopped before the end.")
        except (NotSetUp, ProcessBroken, StepFailed, Unreachable) as reason:
            say(f"✗ {reason}\nThe log files lie in {folder.logs}.")
        else:
            return _DONE
        say(f"To go on from here:\n  {way_on(this, folder, 'demo')}")
        return _FAILED


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)  # through every `finally`, so that the processes are ended


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--exit", action="store_true", help="end when the job is done instead of serving on")
    parser.add_argument(
        "--api-processes", type=int, default=1, metavar="N", help="how many processes serve the API (1)"
    )
    parser.add_argument(
        "--worker-processes", type=int, default=1, metavar="N", help="how many workers run (1)"
    )


SUBCOMMAND = Subcommand(
    name="demo",
    summary="show the whole service at work on this machine",
    description=_DESCRIPTION,
    run=run,
    add_arguments=_add_arguments,
)
