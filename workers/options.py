"""What the workers need to be told by the composition root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from countersign.workers.health.options import HealthOptions
from countersign.workers.webhooks.options import WebhookOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueOptions:
    """Limits of one kind of work, for each worker process.

    A `rate_per_minute` of 0 means no limit; that of mail is one for all processes together.
    `max_attempts` counts the first try. The lease of an effect is
    renewed until `time_limit_s` is over; one whose lease has ended is taken over by another worker, until
    `max_crashes` workers were lost over it: then it is given up. Work
    during which the process grows by more than `memory_bytes` is ended. A worker that is told to stop
    finishes what it can: after half of `drain_s` it interrupts the rest, and then it lets go.
    """

    concurrency: int = 1
    rate_per_minute: int = 0
    time_limit_s: float = 300.0
    max_attempts: int = 3
    max_crashes: int = 2
    backoff_base_s: float = 10.0
    backoff_cap_s: float = 600.0
    lease_s: float = 60.0
    memory_bytes: int = 1 << 30
    drain_s: float = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpOptions:
    """The mail server, and the address that mail comes from."""

    host: str
    port: int
    from_address: str
    tls: Literal["none", "starttls", "tls"] = "none"
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    timeout_s: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectionOptions:
    """The lease of a role that one process has at a time."""

    lease_s: float = 15.0
    heartbeat_s: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionOptions:
    """How reactions follow the log: events in a batch, and the longest wait without a wake-up."""

    batch_size: int = 500
    poll_s: float = 1.0
    election: ElectionOptions = field(default_factory=ElectionOptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Periodic:
    """Due at the multiples of `every_s`, or, where that is 0, by `cron` in `time_zone`.

    Due times that were missed are made up for `once`, or left out with `skip`. Of a `quiet` kind the log
    hears when there is something new to say.
    """

    every_s: int = 0
    cron: str = ""
    time_zone: str = "UTC"
    missed: Literal["once", "skip"] = "once"
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleOptions:
    """The periodic work by kind, and after how long a due time has been missed."""

    work: Mapping[str, Periodic] = field(default_factory=dict)
    grace_s: float = 60.0
    election: ElectionOptions = field(default_factory=ElectionOptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintenanceOptions:
    """Where to look and what is too little or too old; `folder` is where this machine's files lie."""

    folder: Path
    redis_url: str = field(default="", repr=False)
    keep_done_s: float = 30 * 86_400
    keep_orphans_s: float = 30 * 86_400
    warn_of_expiry_days: int = 14
    usage_hours_kept_days: int = 90
    quiet_s: float = 3_600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """All of the workers' settings.

    `commands` is the queue of effects that only issue a command. Links in mails start with `public_url`.
    """

    rendering: QueueOptions
    mail: QueueOptions
    webhooks: QueueOptions
    maintenance: QueueOptions
    monitoring: QueueOptions
    smtp: SmtpOptions
    housekeeping: MaintenanceOptions
    public_url: str
    commands: QueueOptions = field(
        default_factory=lambda: QueueOptions(backoff_base_s=1.0, backoff_cap_s=60.0)
    )
    reactions: ReactionOptions = field(default_factory=ReactionOptions)
    schedules: ScheduleOptions = field(default_factory=ScheduleOptions)
    health: HealthOptions = field(default_factory=HealthOptions)
    endpoints: WebhookOptions = field(default_factory=WebhookOptions)
    effects_poll_s: float = 1.0
    pdf: bool = True

    def of_queue(self, name: str) -> QueueOptions:
        """The limits of the queue of that name."""
        queue: QueueOptions = getattr(self, name)
        return queue
