"""The words for what runs in the background and for how far it has come."""

from __future__ import annotations

from enum import StrEnum


class JobKind(StrEnum):
    """What a job does; its id is that of the rendering, mail, delivery to a webhook or maintenance job."""

    RENDERING = "rendering"
    EMAIL = "email"
    DELIVERY = "delivery"
    MAINTENANCE = "maintenance"


class JobState(StrEnum):
    """How far a job has come. `in_doubt`: nobody knows whether it was done, and a person decides.

    `failed` was given up and waits for a person. `dismissed` was given up and then laid aside by one, or was
    only the test of a webhook; `cancelled` was stopped by a person before it was done.
    """

    QUEUED = "queued"
    RUNNING = "running"
    RETRYING = "retrying"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    DISMISSED = "dismissed"
    CANCELLED = "cancelled"
