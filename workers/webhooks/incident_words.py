"""What strangers are told of an incident: words of a closed list, since a reading holds addresses."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from countersign.aggregates.incident import IncidentSeverity


class Subject(StrEnum):
    """Of what an incident is. On which machine it is, is not told; `other` is what has no word here."""

    DATABASE = "database"
    REDIS = "redis"
    SMTP = "smtp"
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
    DISK = "disk"
    MEMORY = "memory"
    OTHER = "other"

    @classmethod
    def _missing_(cls, value: object) -> Subject:
        return cls.OTHER


WELL: Final = "well"
_STATES: Final = {IncidentSeverity.WARNING: "degraded", IncidentSeverity.CRITICAL: "failed"}


def subject_of(component: str) -> Subject:
    """The word for a component, which may have the name of its machine behind a colon."""
    return Subject(component.partition(":")[0])


def told_of_state(component: str, severity: IncidentSeverity | None) -> dict[str, str]:
    """How a component is, for a program and as a sentence; without a severity it is well again."""
    subject = subject_of(component)
    state = WELL if severity is None else _STATES[severity]
    return {"code": f"{subject}.{state}", "reading": f"{subject.replace('_', ' ')}: {state}"}
