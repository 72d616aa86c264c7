"""What the duties of a worker process are made with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from countersign.commands.account.one_time_tokens import OneTimeTokens
from countersign.commands.certificate.note_certificate import NoteCertificate
from countersign.commands.configuration.flag_reader import FlagReader
from countersign.eventstore.databases import Databases
from countersign.eventstore.log import Log
from countersign.eventstore.store import EventStore
from countersign.eventstore.trail import NoTracer, Tracer
from countersign.eventstore.wakeups import Wakeups
from countersign.projections.health.figure import Gather
from countersign.projections.health.reading import Probe
from countersign.workers.backup.repository import Repository
from countersign.workers.issuer import Dispatch, Issuer
from countersign.workers.options import Options
from countersign.workers.rendering.limits import Limits
from countersign.workers.rendering.renderer import Renderer


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the workers share with the rest of a process; `holder` is a name that no other process has.

    `probes` are what the health check looks at besides what the workers themselves lean on, and `gather` is
    where the figures come from;
    `look_at_certificate` finds the one that the API shows; `backups` is where those go, if anywhere.
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
    gather: Gather = tuple
    tracer: Tracer = field(default_factory=NoTracer)
    look_at_certificate: Callable[[], NoteCertificate | None] = lambda: None
    backups: Repository | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """The surroundings, the settings and the tools; each subject makes its duties from them."""

    around: Surroundings
    options: Options
    issuer: Issuer
    renderer: Renderer
    limits: Limits
