"""`countersign schedule`: says when periodic work is due."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from countersign.cli.foundation import foundation, utc_now
from countersign.cli.invocation import Invocation, Subcommand
from countersign.cli.log_ids import configure_log
from countersign.cli.long_running import Shift, process_name, run_until_told
from countersign.cli.presence import presence
from countersign.cli.reload import InForce
from countersign.cli.tables import require_tables_to_begin
from countersign.cli.worker_options import worker_options
from countersign.config.settings import Settings
from countersign.eventstore.leases import Leases
from countersign.eventstore.wakeups import EFFECTS
from countersign.workers.load import Load
from countersign.workers.schedule import Schedule


def run(invocation: Invocation) -> int:
    """Keep the schedule until told to stop, while this process is the elected one."""
    settings = invocation.settings
    configure_log(settings)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # the schedule says itself what is due
    return run_until_told(InForce(settings, invocation.read, "schedule"), _shift)


@contextmanager
def _shift(settings: Settings) -> Iterator[Shift]:
    with foundation(settings) as base:
        require_tables_to_begin(base.databases)
        leases = Leases(base.databases.read)
        options = worker_options(settings).schedules
        name = process_name()
        schedule = Schedule(
            base.dispatcher,
            base.databases.read,
            leases,
            name,
            options,
            utc_now,
            on_quiet_run=lambda: base.wakeups.signal(EFFECTS),
        )
        here = presence(base, name, ("schedule",), Load())
        yield Shift([schedule.run, here.run], base.dispatcher.dispatch)


SUBCOMMAND = Subcommand(
    name="schedule",
    summary="issue the periodic commands",
    description="Issue the periodic commands until SIGTERM or Ctrl-C. Of all that run, one is elected.",
    run=run,
    serves=True,
)
