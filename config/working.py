"""Settings of the work behind the scenes: projections, queues, rendering, mail and schedules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from countersign.config.bounds import Between, Bytes, Host, MailAddress, Port, Seconds, WholeSeconds
from countersign.config.marks import Mark
from countersign.config.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a reader of the log goes on: events in a batch, and the longest wait without a wake-up."""

    batch_size: Annotated[int, Between(1, 100_000)]
    poll_s: Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """How long a worker waits for a wake-up before it looks for effects itself."""

    poll_s: Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Limits of one kind of work, for each worker process.

    A `rate_per_minute` of 0 means no limit. `max_attempts` counts the first try. An effect whose worker has
    not renewed its lease within `lease_s` is taken over.
    """

    concurrency: Annotated[int, Between(1, 128)]
    rate_per_minute: Annotated[int, Between(0, 1_000_000), Mark.RELOADABLE]
    time_limit_s: Seconds
    max_attempts: Annotated[int, Between(1, 100)]
    backoff_base_s: Seconds
    backoff_cap_s: Seconds
    lease_s: Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Queues:
    """The queues there are."""

    rendering: Queue
    mail: Queue
    maintenance: Queue


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """Limits of the child processes that make documents; each worker process keeps `renderers` of them."""

    renderers: Annotated[int, Between(1, 128)]
    cpu_s: WholeSeconds
    wall_s: Seconds
    memory_bytes: Bytes
    rows: Annotated[int, Between(1, 1_000_000)]
    pdf: Literal["auto", "on", "off"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """The mail server, the authority of its certificate, and the address that mail comes from."""

    host: Host
    port: Port
    tls: Literal["none", "starttls", "tls"]
    user: Annotated[str, Mark.REFERABLE]
    password: Secret
    ca_file: Annotated[str, Mark.RELOADABLE]
    from_address: MailAddress
    timeout_s: Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How often a periodic command is issued."""

    every_s: WholeSeconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedules:
    """The periodic commands there are."""

    health_check: Schedule
    clean_up: Schedule
    api_client_expiry: Schedule
    api_usage_roll_up: Schedule
    certificate_check: Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduler:
    """The lease of the one process that issues periodic commands."""

    lease_s: Seconds
    heartbeat_s: Seconds
