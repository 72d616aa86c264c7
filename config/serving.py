"""Settings of the HTTP side: the server, its tokens and the log lines."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from countersign.config.bounds import (
    Between,
    Bytes,
    Count,
    Host,
    Name,
    Port,
    Seconds,
    WebAddress,
    WholeSeconds,
)
from countersign.config.edge import AllowedHost, HeaderOrNone, Origin, TrustedNetwork
from countersign.config.marks import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Http:
    """Where the service listens and how much it takes on; port 0 means any free one."""

    host: Host
    port: Port
    public_url: WebAddress
    workers: Annotated[int, Between(1, 128)]
    threads: Annotated[int, Between(1, 256)]
    max_body_bytes: Bytes
    graceful_timeout_s: WholeSeconds
    keepalive_s: WholeSeconds
    trusted_proxies: Annotated[int, Between(0, 8), Mark.RELOADABLE]
    trusted_networks: Annotated[tuple[TrustedNetwork, ...], Mark.RELOADABLE]
    client_certificate_header: Annotated[HeaderOrNone, Mark.RELOADABLE]
    allowed_hosts: Annotated[tuple[AllowedHost, ...], Mark.RELOADABLE]
    refuse_bare_ip_hosts: Annotated[bool, Mark.RELOADABLE]
    require_https: Annotated[bool, Mark.RELOADABLE]
    cors_origins: Annotated[tuple[Origin, ...], Mark.RELOADABLE]
    min_position_wait_max_s: Annotated[Seconds, Mark.RELOADABLE]
    job_wait_max_s: Annotated[Seconds, Mark.RELOADABLE]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """How long a log-in holds, and how fresh it must be for signing."""

    issuer: Name
    audience: Name
    access_lifetime_s: WholeSeconds
    refresh_idle_s: WholeSeconds
    refresh_absolute_s: Annotated[int, Between(1, 31 * 86_400)]
    reauthentication_window_s: WholeSeconds
    signing_key_lead_s: WholeSeconds
    signing_keys_reread_s: Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """How sessions are looked up, and how often it is noted that a browser is still there.

    What is cached is checked against the log at each request. `files` are shared by one machine's processes,
    `redis` by all; without `redis.url` it is as `memory`.
    """

    cache: Literal["memory", "files", "redis"]
    seen_every_s: WholeSeconds


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFile:
    """A log file that is put aside when it reaches `max_bytes`; `backups` older ones are kept."""

    path: Path
    max_bytes: Bytes
    backups: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Logging:
    """What is logged, where to, and for whom: `auto` is console on a terminal and json elsewhere."""

    level: Annotated[Literal["debug", "info", "warning", "error"], Mark.RELOADABLE]
    format: Annotated[Literal["auto", "json", "console"], Mark.RELOADABLE]
    handlers: tuple[Literal["console", "file"], ...]
    file: LogFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """Parts of the service that an operator may switch off."""

    docs_pages: bool
    metrics: bool
    review_copies: bool
