"""How everything stands that the service leans on, for those who run it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final

from falcon import Request, Response
from pydantic import Field

from countersign.http.answers import Answer
from countersign.http.endpoints import query
from countersign.http.fields import Instant, Key
from countersign.http.health.condition_answer import ComponentHealthAnswer, component_answer
from countersign.http.health.incident_answer import IncidentAnswer
from countersign.http.parameters import Parameters
from countersign.http.services import Services
from countersign.projections.health.health_readings import past_readings, standings
from countersign.projections.health.incidents_queries import unresolved_incidents
from countersign.projections.health.reading import Condition

_LATELY: Final = timedelta(days=1)


class Verdict(StrEnum):
    """`unknown`: nobody has looked lately, or not at all."""

    HEALTHY = "healthy"
    DEGRADED = "degraded"
    FAILED = "failed"
    UNKNOWN = "unknown"


class HealthAnswer(Answer):
    """The worst of all components that were looked at lately, each of them, and the incidents under way."""

    status: Verdict
    looked_at: datetime | None
    components: list[ComponentHealthAnswer]
    incidents: list[IncidentAnswer]


class PastReadingAnswer(Answer):
    """What was found of a component in one minute."""

    minute: datetime
    condition: Condition
    says: str
    figures: dict[str, float]
    took_ms: float


class ReadingsAnswer(Answer):
    """The readings of a component, the newest first."""

    component: str
    items: list[PastReadingAnswer]


class ReadingsWanted(Parameters):
    """Of which component, and when: without `since` and `before`, of the last day."""

    component: Key
    since: Instant | None = None
    before: Instant | None = None
    limit: Annotated[int, Field(ge=1, le=1_500)] = 60


class Health:
    """`GET /v1/health`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Operations", reads=("incidents",), action="ViewHealth")
    def on_get(self, _req: Request, _resp: Response) -> HealthAnswer:
        """Tell how every component stands, what to do about it, and which incidents are open."""
        read, now = self._services.read, self._services.clock()
        seen = [each for each in standings(read) if now - each.at < _LATELY]
        components = [component_answer(each, now) for each in seen]
        return HealthAnswer(
            status=verdict(components),
            looked_at=max((each.at for each in components), default=None),
            components=components,
            incidents=[IncidentAnswer.model_validate(row) for row in unresolved_incidents(read)],
        )


class HealthReadings:
    """`GET /v1/health/readings`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Operations", action="ViewHealth")
    def on_get(self, _req: Request, _resp: Response, query: ReadingsWanted) -> ReadingsAnswer:
        """Tell what was found of a component, minute by minute."""
        before = query.before or self._services.clock() + timedelta(minutes=1)
        found = past_readings(
            self._services.read,
            query.component,
            since=query.since or before - _LATELY,
            before=before,
            limit=query.limit,
        )
        items = [PastReadingAnswer.model_validate(each) for each in found]
        return ReadingsAnswer(component=query.component, items=items)


def verdict(components: list[ComponentHealthAnswer]) -> Verdict:
    """All of them in a word."""
    lately = [each.condition for each in components if not each.unseen]
    if not lately:
        return Verdict.UNKNOWN
    if Condition.FAILED in lately:
        return Verdict.FAILED
    return Verdict.DEGRADED if Condition.DEGRADED in lately else Verdict.HEALTHY
