"""Everything that may differ between two machines, typed and bounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Annotated, Final, Literal

from countersign.config.accounts import Accounts, Passwords
from countersign.config.api_clients import ApiClients
from countersign.config.backups import Backup
from countersign.config.edge import AutomaticBlock, RateLimits
from countersign.config.health import Health
from countersign.config.marks import Mark
from countersign.config.schedules import Scheduler, Schedules
from countersign.config.secret import Secret
from countersign.config.serving import Features, Http, Logging, Sessions, Tokens
from countersign.config.sign_in import SignIn
from countersign.config.stores import Cache, Database, Redis, Snapshots
from countersign.config.telemetry import Telemetry
from countersign.config.tls.settings import Tls
from countersign.config.vault.section import Keys, Vault
from countersign.config.webhooks import Webhooks
from countersign.config.working import (
    Effects,
    Projections,
    Queues,
    Reading,
    Rendering,
    Smtp,
)

Environment = Literal["development", "testing", "production"]
NO_SETTINGS: Final = frozenset({"sources", "references", "versions"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one process.

    `sources` tells for each dotted path where its value was written, `references` what was written there
    when it was not the value itself, and `versions` which version of it was found there, where it has some.
    """

    environment: Environment
    data_dir: Path
    keys_dir: Path
    http: Http
    tls: Annotated[Tls, Mark.RELOADABLE]
    rate_limits: Annotated[RateLimits, Mark.RELOADABLE]
    automatic_block: Annotated[AutomaticBlock, Mark.RELOADABLE]
    tokens: Tokens
    sessions: Sessions
    sign_in: Annotated[SignIn, Mark.RELOADABLE]
    api_clients: Annotated[ApiClients, Mark.RELOADABLE]
    accounts: Annotated[Accounts, Mark.RELOADABLE]
    passwords: Annotated[Passwords, Mark.RELOADABLE]
    database: Database
    redis: Redis
    vault: Vault
    keys: Keys
    cache: Cache
    snapshots: Snapshots
    projections: Projections
    reactions: Reading
    effects: Effects
    queues: Queues
    rendering: Rendering
    smtp: Annotated[Smtp, Mark.RELOADABLE]
    webhooks: Annotated[Webhooks, Mark.RELOADABLE]
    backup: Backup
    schedules: Schedules
    scheduler: Scheduler
    health: Annotated[Health, Mark.RELOADABLE]
    telemetry: Telemetry
    logging: Logging
    features: Annotated[Features, Mark.RELOADABLE]
    sources: Mapping[str, str] = field(repr=False, compare=False)
    references: Mapping[str, str] = field(repr=False, compare=False)
    versions: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    def values(self) -> Iterator[tuple[str, object]]:
        """Every setting by its dotted path; secrets stay wrapped."""
        return (pair for pair in _values(self, "") if pair[0] not in NO_SETTINGS)

    def secrets(self) -> tuple[Secret, ...]:
        """The settings that no log line may show."""
        return tuple(value for _, value in self.values() if isinstance(value, Secret))


def _values(part: object, prefix: str) -> Iterator[tuple[str, object]]:
    if not is_dataclass(part):
        yield prefix.removesuffix("."), part
        return
    for each in fields(part):
        yield from _values(getattr(part, each.name), f"{prefix}{each.name}.")
