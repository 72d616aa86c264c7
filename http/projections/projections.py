"""The projections of the service, for those who run the machine."""

from __future__ import annotations

from falcon import Request, Response

from countersign.aggregates.read_model import ReadModel, read_model_id
from countersign.commands.read_model.known import known_read_model
from countersign.eventstore.store import NotFound
from countersign.http.endpoints import query
from countersign.http.projections.standing import (
    OneBuildAnswer,
    ProjectionAnswer,
    ProjectionsAnswer,
    build_answer,
    projection_answer,
    standing_answer,
)
from countersign.http.services import Services
from countersign.projections.catalogue import projection_named
from countersign.projections.orders.inspection import Inspection, inspected


class Projections:
    """`GET /v1/projections`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Projections", action="ViewProjections")
    def on_get(self, _req: Request, _resp: Response) -> ProjectionsAnswer:
        """List how far each projection is behind the log, and who moves it."""
        lags = self._services.freshness.lags(self._services.clock())
        return ProjectionsAnswer(items=list(map(standing_answer, lags)))


class OneProjection:
    """`GET /v1/projections/{name}`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Projections", action="ViewProjections")
    def on_get(self, _req: Request, _resp: Response, name: str) -> ProjectionAnswer:
        """Show a projection with its builds and who moves which part of them."""
        services, seen = self._services, inspection(self._services, name)
        lag = next(each for each in services.freshness.lags(services.clock()) if each.name == name)
        return projection_answer(lag, seen, services.aggregates.find(ReadModel, read_model_id(name)))


class ProjectionBuild:
    """`GET /v1/projections/{name}/builds/{build}`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Projections", action="ViewProjections")
    def on_get(self, _req: Request, _resp: Response, name: str, build: int) -> OneBuildAnswer:
        """Show a build, and what differed in it from what readers saw."""
        seen = inspection(self._services, name)
        found = seen.of(build)
        if found is None:
            raise NotFound(f"the projection {name} has no build {build}")
        return build_answer(found, seen.head)


def inspection(services: Services, name: str) -> Inspection:
    """One projection as it stands.

    Raises:
        UnknownReadModel: there is none of that name.
    """
    known_read_model(name, services.read_models)
    head = services.log.head()
    with services.read.read() as connection:
        return inspected(connection, services.read, projection_named(name), head)
