"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from typing import Literal

from falcon import Request, Response

from countersign.eventstore.outage import DatabaseUnavailable
from countersign.http.answers import Answer
from countersign.http.endpoints import public
from countersign.http.services import Services
from countersign.projections.following.lag import Lag
from countersign.projections.following.positions import State

logger = logging.getLogger(__name__)


class AliveAnswer(Answer):
    """The process answers."""

    status: Literal["alive"] = "alive"


class LagAnswer(Answer):
    """How far a read table is behind the log, in events and in the age of the oldest of them.

    `letters` are events that it could not take or holds behind those: `parked_keys` many keys lack them.
    """

    name: str
    position: int
    events: int
    seconds: float
    state: State
    letters: int
    parked_keys: int


class ComponentAnswer(Answer):
    """How a neighbour stands; this server goes on without it for as long as what it holds lives."""

    name: str
    state: str


class ReadinessAnswer(Answer):
    """Whether requests can be served.

    `degraded`: they can, but a read table has stopped or lacks events, and an operator has to see to it.
    """

    status: Literal["ready", "degraded", "unavailable"]
    head: int | None
    reason: str | None
    projections: list[LagAnswer]
    components: list[ComponentAnswer]


class Liveness:
    """`GET /livez`."""

    @public("Service")
    def on_get(self, _req: Request, _resp: Response) -> AliveAnswer:
        """Tell that the process lives; nothing else is asked."""
        return AliveAnswer()


class Readiness:
    """`GET /readyz`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @public("Service", alternatives=(503,))
    def on_get(self, _req: Request, resp: Response) -> ReadinessAnswer:
        """Tell whether the databases answer, 503 when not, and whether the read tables are kept."""
        readiness = self._look()
        if readiness.status == "unavailable":  # not when degraded: all servers would be taken out at once
            resp.status = 503
        return readiness

    def _look(self) -> ReadinessAnswer:
        try:
            head, lags = self._services.log.head(), self._services.freshness.lags(self._services.clock())
        except DatabaseUnavailable as away:
            logger.warning("not ready", extra={"reason": str(away)})
            reason = "the database cannot be reached; the log lines of this server say why"
            return ReadinessAnswer(
                status="unavailable", head=None, reason=reason, projections=[], components=self._components()
            )
        reasons = list(_reasons(lags))
        return ReadinessAnswer(
            status="degraded" if reasons else "ready",
            head=head,
            reason="; ".join(reasons) or None,
            projections=[LagAnswer.model_validate(lag) for lag in lags],
            components=self._components(),
        )

    def _components(self) -> list[ComponentAnswer]:
        known = self._services.components
        return [ComponentAnswer(name=name, state=state()) for name, state in known.items()]


def _reasons(lags: Iterable[Lag]) -> Iterator[str]:
    told = {
        "stopped": [lag.name for lag in lags if lag.state is State.FAILED],
        "paused": [lag.name for lag in lags if lag.state is State.PAUSED],
        "events that could not be taken": [lag.name for lag in lags if lag.letters],
    }
    for what, names in told.items():
        if names:
            yield f"{what}: {', '.join(names)}"
