"""Settings of the work behind the scenes: projections, queues, rendering and mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from countersign.config.bounds import Between, Bytes, Host, MailAddress, Matching, Port, Seconds, WholeSeconds
from countersign.config.marks import Mark
from countersign.config.secret import Secret

Segments = Annotated[
    str, Matching(r"[a-z_]{1,63}=[1-9][0-9]?", "a projection and a number of parts, as report_register=4")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a reader of the log goes on: events in a batch, and how long it waits before it looks by itself.

    Where wake-ups reach it, it waits four times as long: so much does a wake-up cost that is lost.
    """

    batch_size: Annotated[int, Between(1, 100_000)]
    poll_s: Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Projections(Reading):
    """How the read tables are kept.

    `segments` names the projections whose keys are split among several processes, each with the number of
    parts, which holds for tables made from then on. At most `builds_at_once` are built anew at a time. Tables
    that were replaced follow for `keep_replaced_h` hours, so that they can be shown again at once, when
    `keep_replaced` says so. A projection with more than `letters_max` parked keys stops. `as_of_cap` is the
    most events that are replayed to show all rows as of an earlier position.
    """

    segments: tuple[Segments, ...]
    builds_at_once: Annotated[int, Between(1, 16)]
    keep_replaced: bool
    keep_replaced_h: Annotated[float, Between(0, 8_760)]
    letters_max: Annotated[int, Between(0, 1_000_000)]
    as_of_cap: Annotated[int, Between(1, 100_000_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """How long a worker waits before it looks for effects by itself, and how it ends.

    Where wake-ups reach it, it waits four times as long: so much does a wake-up cost that is lost. Told to
    stop, it finishes what it can within half of `drain_s`, then interrupts what asks, then lets go: another
    worker may begin that anew at once. A process is exchanged for a new one after `recycle_after` effects,
    and when it has grown by `recycle_growth_bytes` since its beginning; 0: never.
    """

    poll_s: Seconds
    drain_s: Seconds
    recycle_after: Annotated[int, Between(0, 1_000_000_000)]
    recycle_growth_bytes: Annotated[int, Between(0, 1 << 40)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Limits of one kind of work, for each worker process.

    A `rate_per_minute` of 0 means no limit; that of mail is one for all processes together.
    `max_attempts` counts the first try. An effect whose worker has not renewed its lease within `lease_s` is
    taken over, and given up once it has cost `max_crashes` workers. Work during which the process grows by
    more than `memory_bytes` is ended where it asks; documents are made in processes with a limit of their
    own.
    """

    concurrency: Annotated[int, Between(1, 128)]
    rate_per_minute: Annotated[int, Between(0, 1_000_000), Mark.RELOADABLE]
    time_limit_s: Seconds
    max_attempts: Annotated[int, Between(1, 100)]
    max_crashes: Annotated[int, Between(1, 100)]
    backoff_base_s: Seconds
    backoff_cap_s: Seconds
    lease_s: Seconds
    memory_bytes: Bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Queues:
    """The queues there are."""

    rendering: Queue
    mail: Queue
    webhooks: Queue
    maintenance: Queue
    monitoring: Queue


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
