"""Puts the parts of a worker process together."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from countersign.commands.account.one_time_tokens import OneTimeTokens
from countersign.commands.certificate.note_certificate import NoteCertificate
from countersign.commands.configuration.flag_reader import FlagReader
from countersign.eventstore.databases import Databases
from countersign.eventstore.leases import Leases
from countersign.eventstore.log import Log
from countersign.eventstore.store import EventStore
from countersign.eventstore.wakeups import Wakeups
from countersign.workers.crew import Crew
from countersign.workers.duty import Duty
from countersign.workers.effect_board import EffectBoard
from countersign.workers.effects import Effects
from countersign.workers.history import History
from countersign.workers.issuer import Dispatch, Issuer
from countersign.workers.kinds import (
    ALERT_ADMINISTRATORS,
    COMMANDS,
    DELIVER_EMAIL,
    MAIL,
    MAINTAIN,
    MAINTENANCE,
    ORDER_DOCUMENT,
    QUEUE_EMAILS,
    QUEUES,
    RENDER_DOCUMENT,
    RENDERING,
    TELL_PEOPLE,
)
from countersign.workers.mail.alerting import AlertAdministrators
from countersign.workers.mail.delivering import DeliverEmail
from countersign.workers.mail.planning import Planner
from countersign.workers.mail.queueing import QueueEmails
from countersign.workers.mail.smtp import SmtpDelivery
from countersign.workers.mail.telling import TellPeople
from countersign.workers.maintenance.api_client_expiry import ApiClientExpiry
from countersign.workers.maintenance.api_usage_roll_up import ApiUsageRollUp
from countersign.workers.maintenance.certificate_check import CertificateCheck
from countersign.workers.maintenance.clean_up import CleanUp
from countersign.workers.maintenance.duty import Job, Maintain
from countersign.workers.maintenance.health_check import (
    HealthCheck,
    Probe,
    database_probe,
    disk_probe,
    redis_probe,
    smtp_probe,
)
from countersign.workers.options import Options, ReactionOptions
from countersign.workers.queues import Queue
from countersign.workers.reaction_runner import ReactionRunner
from countersign.workers.reactions.catalogue import reactions
from countersign.workers.rendering.limits import Limits
from countersign.workers.rendering.pdf import no_pdf, to_pdf
from countersign.workers.rendering.renderer import Renderer
from countersign.workers.rendering_job import RenderDocument
from countersign.workers.rendering_request import OrderDocument
from countersign.workers.together import Part
from countersign.workers.work import Work

REACTIONS = "reactions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the workers share with the rest of a process; `holder` is a name that no other process has.

    `probes` are what the health check looks at besides what the workers themselves lean on;
    `look_at_certificate` finds the one that the API shows.
    """

    databases: Databases
    log: Log
    store: EventStore
    dispatcher: Dispatch
    wakeups: Wakeups
    flags: FlagReader
    holder: str
    clock: Callable[[], datetime]
    one_time_tokens: OneTimeTokens
    probes: Mapping[str, Probe] = field(default_factory=dict)
    look_at_certificate: Callable[[], NoteCertificate | None] = lambda: None


def worker_parts(
    around: Surroundings, options: Options, renderer: Renderer, limits: Limits, only: Collection[str] = ()
) -> tuple[Part, ...]:
    """What to run together: the reactions and every queue, or only those named."""
    wanted = only or (REACTIONS, *QUEUES)
    duties = _duties(around, options, renderer, limits)
    queues = [_queue(name, around, options, duties) for name in QUEUES if name in wanted]
    crew = Crew(queues, Effects(around.databases.read), around.clock, around.wakeups, options.effects_poll_s)
    parts: list[Part] = [crew.run] if queues else []
    if REACTIONS in wanted:
        parts.append(_runner(around, options.reactions, crew.poke).run)
    return tuple(parts)


def _queue(name: str, around: Surroundings, options: Options, duties: Mapping[str, Duty]) -> Queue:
    limits = {
        COMMANDS: options.commands,
        RENDERING: options.rendering,
        MAIL: options.mail,
        MAINTENANCE: options.maintenance,
    }[name]
    effects = Effects(around.databases.read)
    work = Work(limits, effects, duties, around.clock, random.random)
    return Queue(name, limits, effects, work, around.holder, around.clock, options.effects_poll_s)


def _runner(
    around: Surroundings, options: ReactionOptions, on_effects: Callable[[Collection[str]], None]
) -> ReactionRunner:
    return ReactionRunner(
        log=around.log,
        mapper=around.store.mapper,
        read=around.databases.read,
        leases=Leases(around.databases.read),
        wakeups=around.wakeups,
        reactions=reactions(review_copies=partial(around.flags.enabled, "review_copies")),
        holder=around.holder,
        options=options,
        on_effects=on_effects,
    )


def _duties(around: Surroundings, options: Options, renderer: Renderer, limits: Limits) -> Mapping[str, Duty]:
    aggregates, blobs = around.store.aggregates, around.store.blobs
    issuer = Issuer(around.dispatcher)
    delivery = SmtpDelivery(options.smtp, options.mail.time_limit_s)
    history = History(around.log, around.store.mapper)
    planner = Planner(aggregates, issuer)
    return {
        ORDER_DOCUMENT: OrderDocument(issuer),
        RENDER_DOCUMENT: RenderDocument(
            aggregates, blobs, issuer, renderer, limits, to_pdf if options.pdf else no_pdf
        ),
        QUEUE_EMAILS: QueueEmails(aggregates, history, planner),
        TELL_PEOPLE: TellPeople(aggregates, history, planner),
        ALERT_ADMINISTRATORS: AlertAdministrators(aggregates, issuer),
        DELIVER_EMAIL: DeliverEmail(
            aggregates,
            blobs,
            issuer,
            delivery,
            options.smtp.from_address,
            options.public_url,
            around.one_time_tokens,
        ),
        MAINTAIN: Maintain(aggregates, issuer, _jobs(around, options, delivery), around.clock),
    }


def _jobs(around: Surroundings, options: Options, delivery: SmtpDelivery) -> Mapping[str, Job]:
    keep = options.housekeeping
    board = EffectBoard(around.databases.read)
    probes = {
        "database": database_probe(around.databases, around.log, board),
        "disk": disk_probe(keep.folder, keep.disk_free_min_bytes),
        "redis": redis_probe(keep.redis_url),
        "smtp": smtp_probe(delivery),
        **around.probes,
    }
    return {
        "health_check": HealthCheck(probes),
        "clean_up": CleanUp(around.log, around.store.blobs, board, keep),
        "api_client_expiry": ApiClientExpiry(
            around.databases.read, around.dispatcher, keep.warn_of_expiry_days
        ),
        "api_usage_roll_up": ApiUsageRollUp(around.databases.read, keep.usage_hours_kept_days),
        "certificate_check": CertificateCheck(around.look_at_certificate, around.dispatcher),
    }
