"""The WSGI application of the API."""

from __future__ import annotations

from typing import Any, cast

from falcon import App

from countersign.http.authenticators import authenticators
from countersign.http.edge.outside import surrounded
from countersign.http.gate import Gate
from countersign.http.head_requests import Wsgi, answer_head
from countersign.http.options import Options
from countersign.http.problems import install_problems
from countersign.http.routes import add_routes
from countersign.http.services import Services
from countersign.http.waiting_room import WaitingRoom


def create_app(services: Services, options: Options) -> Wsgi:
    """The API over its services; nothing is opened before the first request."""
    return answer_head(cast("Wsgi", create_falcon_app(services, options)))


def create_falcon_app(services: Services, options: Options) -> App[Any, Any]:
    """The API before it is wrapped: what the tests' client takes."""
    room = WaitingRoom(options.waiting_max)
    gate = Gate(
        authenticators(services, options),
        services.sessions,
        services.log,
        services.freshness,
        services.clock,
        room,
        options.min_position_wait_max_s,
    )
    around = surrounded(services, options.edge, options.max_body_bytes, services.usage, gate)
    app: App[Any, Any] = App(middleware=around)
    app.req_options.strip_url_path_trailing_slash = True
    install_problems(app)
    add_routes(app, services, options, room)
    return app
