"""`countersign work`: projections, reactions and queues in one process."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial

from countersign.cli.backup.place import repository_if_any
from countersign.cli.certificate_standing import certificate_note
from countersign.cli.derived_keys import one_time_key
from countersign.cli.figures import figures_of
from countersign.cli.foundation import Foundation, foundation, utc_now
from countersign.cli.health_probes import health_probes
from countersign.cli.invocation import Invocation, Subcommand, UsageError
from countersign.cli.ledger import ledger_of
from countersign.cli.log_ids import configure_log
from countersign.cli.long_running import Shift, process_name, run_until_told
from countersign.cli.presence import presence
from countersign.cli.read_model_builder import read_model_builder
from countersign.cli.reload import InForce
from countersign.cli.secret_notes import keep_noting
from countersign.cli.tables import require_tables_to_begin
from countersign.cli.telemetry.tracer import tracer_of
from countersign.cli.worker_options import recycle_options, render_limits, worker_options
from countersign.commands.account.one_time_tokens import OneTimeTokens
from countersign.config.settings import Settings
from countersign.eventstore.leases import Leases
from countersign.eventstore.trail import Tracer
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following import runner
from countersign.workers.backup.repository import Repository
from countersign.workers.equipment import Surroundings
from countersign.workers.health.host import HostWatch, disk_probe, memory_probe
from countersign.workers.kinds import QUEUES, RENDERING
from countersign.workers.load import Load
from countersign.workers.recycling import Recycling
from countersign.workers.rendering.renderer import Renderer
from countersign.workers.together import Part
from countersign.workers.workforce import REACTIONS, worker_parts

PROJECTIONS_PART = "projections"
REBUILDS_PART = "rebuilds"
PARTS = (PROJECTIONS_PART, REBUILDS_PART, REACTIONS, *QUEUES)


def run(invocation: Invocation) -> int:
    """Work until told to stop."""
    settings = invocation.settings
    wanted = _wanted(invocation.arguments.only)
    configure_log(settings)
    return run_until_told(InForce(settings, invocation.read, "work"), partial(_shift, wanted))


@contextmanager
def _shift(wanted: Collection[str], settings: Settings) -> Iterator[Shift]:
    with ExitStack() as held:
        base = held.enter_context(foundation(settings))
        require_tables_to_begin(base.databases)
        renderer = Renderer(settings.rendering.renderers)
        if RENDERING in wanted:
            held.enter_context(renderer)
        dispatch = base.dispatcher.dispatch
        backups = repository_if_any(base, held)
        tracer = held.enter_context(tracer_of(settings, "work"))
        load = Load()
        parts = [*_parts(base, renderer, wanted, backups, load, tracer), keep_noting(settings, dispatch)]
        yield Shift(parts, dispatch, lambda: load.abandoned)


def _parts(
    base: Foundation,
    renderer: Renderer,
    wanted: Collection[str],
    backups: Repository | None,
    load: Load,
    tracer: Tracer,
) -> list[Part]:
    holder = process_name()
    recycling = Recycling(recycle_options(base.settings), load)
    parts: list[Part] = [_host_watch(base).run, presence(base, holder, wanted, load).run, recycling.run]
    if PROJECTIONS_PART in wanted:
        parts.append(_projections(base, holder).run)
    if REBUILDS_PART in wanted:
        parts.append(read_model_builder(base).run)
    work = [name for name in wanted if name not in (PROJECTIONS_PART, REBUILDS_PART)]
    if work:
        around = replace(_surroundings(base, holder, backups), tracer=tracer)
        options, limits = worker_options(base.settings), render_limits(base.settings)
        parts += worker_parts(around, options, renderer, limits, work, load)
    return parts


def _projections(base: Foundation, holder: str) -> runner.Runner:
    reading = base.settings.projections
    return runner.Runner(
        base.log,
        base.store.mapper.happened,
        base.databases.read,
        Leases(base.databases.read),
        base.wakeups,
        PROJECTIONS,
        holder,
        runner.Options(batch_size=reading.batch_size, letters_max=reading.letters_max, poll_s=reading.poll_s),
    )


def _host_watch(base: Foundation) -> HostWatch:
    wanted = base.settings.health.disk_free_min_bytes
    probes = {"disk": disk_probe(base.settings.data_dir, wanted), "memory": memory_probe()}
    return HostWatch(base.databases.read, probes, utc_now)


def _surroundings(base: Foundation, holder: str, backups: Repository | None) -> Surroundings:
    return Surroundings(
        databases=base.databases,
        log=base.log,
        store=base.store,
        dispatcher=base.dispatcher,
        wakeups=base.wakeups,
        flags=base.flags,
        holder=holder,
        clock=utc_now,
        one_time_tokens=OneTimeTokens(one_time_key(base.keys)),
        probes=health_probes(base),
        gather=figures_of(ledger_of(base)),
        look_at_certificate=partial(certificate_note, base.settings),
        backups=backups,
    )


def _wanted(only: str | None) -> tuple[str, ...]:
    if only is None:
        return PARTS
    named = tuple(name.strip() for name in only.split(","))
    if unknown := sorted(set(named) - set(PARTS)):
        raise UsageError(f"There is no part {', '.join(unknown)}: name some of {', '.join(PARTS)}.")
    return named


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--only", metavar="PARTS", help=f"do only these, with commas between: {', '.join(PARTS)}"
    )


SUBCOMMAND = Subcommand(
    name="work",
    summary="keep the read tables, render documents, send mail",
    description="Run projections, reactions and queues until SIGTERM or Ctrl-C; what was begun is finished. "
    "Any number may run: a projection has one owner at a time, and a piece of work one worker. "
    "SIGHUP reads the settings again.",
    run=run,
    serves=True,
    add_arguments=_add_arguments,
)
