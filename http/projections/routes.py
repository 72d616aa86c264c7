"""The addresses about projections and dead letters."""

from __future__ import annotations

from typing import Any

from falcon import App

from countersign.http.projections.build_orders import BuildCancellation, BuildPromotion, BuildRetirement
from countersign.http.projections.letter_orders import (
    DeadLetterDiscard,
    DeadLetterDiscardApproval,
    DeadLetterRetry,
    DeadLettersRetry,
)
from countersign.http.projections.letters import DeadLetters, OneDeadLetter
from countersign.http.projections.pausing import ProjectionPause, ProjectionResumption
from countersign.http.projections.projections import OneProjection, ProjectionBuild, Projections
from countersign.http.projections.rebuild import (
    ProjectionComparison,
    ProjectionRebuild,
    ProjectionRollback,
)
from countersign.http.services import Services

_ONE = "/v1/projections/{name}"
_BUILD = f"{_ONE}/builds/{{build:int(min=1, max=1000000)}}"
_LETTER = "/v1/dead-letters/{name}/{position:int(min=1)}"


def add_projection_routes(app: App[Any, Any], services: Services) -> None:
    """Give an app these addresses."""
    app.add_route("/v1/projections", Projections(services))
    app.add_route(_ONE, OneProjection(services))
    app.add_route(f"{_ONE}/rebuild", ProjectionRebuild(services))
    app.add_route(f"{_ONE}/compare", ProjectionComparison(services))
    app.add_route(f"{_ONE}/rollback", ProjectionRollback(services))
    app.add_route(f"{_ONE}/pause", ProjectionPause(services))
    app.add_route(f"{_ONE}/resume", ProjectionResumption(services))
    app.add_route(_BUILD, ProjectionBuild(services))
    app.add_route(f"{_BUILD}/cancel", BuildCancellation(services))
    app.add_route(f"{_BUILD}/promote", BuildPromotion(services))
    app.add_route(f"{_BUILD}/retire", BuildRetirement(services))
    app.add_route("/v1/dead-letters", DeadLetters(services))
    app.add_route("/v1/dead-letters/{name}/retry", DeadLettersRetry(services))
    app.add_route(_LETTER, OneDeadLetter(services))
    app.add_route(f"{_LETTER}/retry", DeadLetterRetry(services))
    app.add_route(f"{_LETTER}/discard", DeadLetterDiscard(services))
    app.add_route(f"{_LETTER}/discard/approve", DeadLetterDiscardApproval(services))
