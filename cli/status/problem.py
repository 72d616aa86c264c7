"""One thing that is wrong: of what, how badly, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from countersign.projections.health.reading import Condition


class Component(StrEnum):
    """What can be unwell, by the names that the health check and incidents have for it."""

    DATABASE = "database"
    VAULT = "vault"
    CERTIFICATE = "certificate"
    SECRETS = "secrets"
    READ_TABLES = "read_tables"
    REACTIONS = "reactions"
    WORKERS = "workers"
    QUEUES = "queues"
    JOBS = "jobs"
    WEBHOOKS = "webhooks"
    SCHEDULE = "schedule"
    BACKUPS = "backups"


@dataclass(frozen=True, slots=True)
class Problem:
    """A sentence that says what is wrong, and a remedy that names the command to run."""

    component: str
    condition: Condition
    what: str
    remedy: str


def broken(component: str, what: str, remedy: str) -> Problem:
    """Something does not work."""
    return Problem(component, Condition.FAILED, what, remedy)


def strained(component: str, what: str, remedy: str) -> Problem:
    """Something works, but not as it should or not for long."""
    return Problem(component, Condition.DEGRADED, what, remedy)
