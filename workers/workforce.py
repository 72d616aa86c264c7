"""Puts the parts of a worker process together."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping
from functools import partial

from countersign.eventstore.leases import Leases
from countersign.workers.backup.duties import duties as backup_duties
from countersign.workers.calling_off import CallOff
from countersign.workers.crew import Crew
from countersign.workers.duty import Duty
from countersign.workers.effect_board import EffectBoard
from countersign.workers.effects import Effects
from countersign.workers.equipment import Equipment, Surroundings
from countersign.workers.health.duties import duties as health_duties
from countersign.workers.health.tally import Tally
from countersign.workers.issuer import Issuer
from countersign.workers.kinds import CALL_OFF, MAIL, QUEUES, WEBHOOKS
from countersign.workers.load import Load
from countersign.workers.mail.duties import duties as mail_duties
from countersign.workers.maintenance.duties import duties as maintenance_duties
from countersign.workers.operations.duties import duties as operations_duties
from countersign.workers.options import Options, ReactionOptions
from countersign.workers.outward import OutwardGate
from countersign.workers.queues import Queue
from countersign.workers.reaction_runner import ReactionRunner
from countersign.workers.reactions.catalogue import reactions
from countersign.workers.rendering.duties import duties as rendering_duties
from countersign.workers.rendering.limits import Limits
from countersign.workers.rendering.renderer import Renderer
from countersign.workers.reporting.duties import duties as reporting_duties
from countersign.workers.retention.duties import duties as retention_duties
from countersign.workers.shared_rate import SharedRate
from countersign.workers.timers.duties import duties as timer_duties
from countersign.workers.together import Part
from countersign.workers.watching import Watching
from countersign.workers.webhooks.duties import duties as webhook_duties
from countersign.workers.webhooks.matching import anybody_listens
from countersign.workers.work import Work, always_open

REACTIONS = "reactions"
LOOKS_BY_ITSELF_S = 60.0
"""A queue takes what it is poked for, and knows when what it has seen falls due: the crew looks for all."""


def worker_parts(
    around: Surroundings,
    options: Options,
    renderer: Renderer,
    limits: Limits,
    only: Collection[str] = (),
    load: Load | None = None,
) -> tuple[Part, ...]:
    """What to run together: the reactions and every queue, or only those named; `load` counts the queues."""
    wanted = only or (REACTIONS, *QUEUES)
    equipment = Equipment(
        around=around, options=options, issuer=Issuer(around.dispatcher), renderer=renderer, limits=limits
    )
    duties = _duties(equipment)
    tally = Tally(around.databases.read)
    queues = [_queue(name, around, options, duties, tally) for name in QUEUES if name in wanted]
    effects, poll_s = Effects(around.databases.read), options.effects_poll_s
    crew = Crew(queues, effects, around.clock, around.wakeups, poll_s, load or Load())
    parts: list[Part] = [tally.run, partial(tally.to_the_end_of, crew.run)] if queues else []
    if REACTIONS in wanted:
        parts.append(_runner(around, options.reactions, crew.poke).run)
    return tuple(parts)


def _duties(equipment: Equipment) -> Mapping[str, Duty]:
    return {
        **rendering_duties(equipment),
        **mail_duties(equipment),
        **maintenance_duties(equipment),
        **timer_duties(equipment),
        **retention_duties(equipment),
        **reporting_duties(equipment),
        **backup_duties(equipment),
        **health_duties(equipment),
        **operations_duties(equipment),
        **webhook_duties(equipment),
        CALL_OFF: CallOff(EffectBoard(equipment.around.databases.read), equipment.around.clock),
    }


def _queue(
    name: str, around: Surroundings, options: Options, duties: Mapping[str, Duty], tally: Tally
) -> Queue:
    limits = options.of_queue(name)
    effects = Effects(around.databases.read)
    watch = Watching(around.tracer, tally.count)
    gate = _gate(around).is_closed if name in (MAIL, WEBHOOKS) else always_open
    work = Work(limits, effects, duties, around.clock, random.random, watch, gate)
    # One mail server counts what all send; the other rates spare the machine that a process runs on.
    shared = SharedRate(name, limits.rate_per_minute, around.clock) if name == MAIL else None
    return Queue(name, limits, effects, work, around.holder, around.clock, LOOKS_BY_ITSELF_S, shared)


def _gate(around: Surroundings) -> OutwardGate:
    return OutwardGate(around.databases.read, around.store.aggregates, around.dispatcher)


def _runner(
    around: Surroundings, options: ReactionOptions, on_effects: Callable[[Collection[str]], None]
) -> ReactionRunner:
    return ReactionRunner(
        log=around.log,
        mapper=around.store.mapper,
        read=around.databases.read,
        leases=Leases(around.databases.read),
        wakeups=around.wakeups,
        reactions=reactions(
            review_copies=partial(around.flags.enabled, "review_copies"),
            anybody_listens=partial(anybody_listens, around.store.aggregates),
        ),
        holder=around.holder,
        options=options,
        on_effects=on_effects,
    )
