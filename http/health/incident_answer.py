"""An incident, as the API tells it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from countersign.aggregates.incident import IncidentSeverity, IncidentStatus
from countersign.http.answers import Answer
from countersign.http.bodies import Form
from countersign.http.fields import Key
from countersign.http.parameters import Paging
from countersign.http.staleness import Item


class IncidentAnswer(Item):
    """A component that was not well from `since` on; `reading` is what was found last.

    `acknowledged_by` and `resolved_by` are accounts, or the service itself.
    """

    HANGS_ON = ("incident_id",)
    incident_id: UUID
    component: str
    severity: IncidentSeverity
    status: IncidentStatus
    reading: str
    since: datetime
    opened_at: datetime
    escalations: int
    escalated_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: UUID | None
    acknowledged_note: str | None
    resolved_at: datetime | None
    resolved_by: UUID | None
    resolved_note: str | None


class IncidentsAnswer(Answer):
    """A page of incidents, the newest first."""

    items: list[IncidentAnswer]
    next_cursor: str | None


class IncidentsWanted(Paging):
    """Which incidents; what is not given does not matter."""

    status: IncidentStatus | None = None
    severity: IncidentSeverity | None = None
    component: Key | None = None


class AcknowledgeForm(Form):
    """What those who look at it shall know."""

    note: Annotated[str, StringConstraints(max_length=2000)] = ""


class ResolveForm(Form):
    """What was done about it."""

    note: Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class IncidentDecisionAnswer(Answer):
    """An incident after somebody's decision on it."""

    incident_id: UUID
    status: IncidentStatus
