"""An app with nothing but the edge, and a resource that tells everybody the same."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from falcon import App, Request, Response
from falcon.testing import Result, TestClient

from countersign.http.edge.automatic_block import AutomaticBlock
from countersign.http.edge.blocked_networks import BlockedNetworks
from countersign.http.edge.cors import Cors
from countersign.http.edge.network_policy import NetworkPolicy
from countersign.http.edge.options import EdgeOptions
from countersign.http.edge.peer import TrustedProxies
from countersign.http.problems import Refusal, install_problems
from countersign.http.rate_limits.counters import Counters
from countersign.http.security_events.noting import Noting
from countersign.http.security_headers import SecurityHeaders
from countersign.http.security_notes import SecurityNotes
from countersign.http.trace import Trace
from tests.unit.commands.edge.conftest import Edge

CLIENT = "198.51.100.7"


class Everything:
    """Every address."""

    def on_get(self, req: Request, resp: Response, path: str = "") -> None:
        if path == "guess":
            raise Refusal(401, "invalid_token", "no")
        if path == "mine":
            req.context.claims = SimpleNamespace(account="somebody")
            resp.set_header("Cache-Control", "public, max-age=60")
        resp.media = {"path": path}


class Front:
    """The edge in front of `Everything`."""

    def __init__(self, edge: Edge, options: EdgeOptions) -> None:
        self.monotonic_s = 0.0
        clock = lambda: edge.now  # noqa: E731 - a clock that the test moves
        self.blocked = BlockedNetworks(edge.store.aggregates, clock, lambda: self.monotonic_s)
        self.notes = SecurityNotes(edge.dispatcher.dispatch, clock)
        edge.held.callback(self.notes.close)
        automatic = AutomaticBlock(options.automatic_block, Counters(), clock)
        middleware: list[Any] = [
            Trace(1, TrustedProxies(options.trusted_proxies, options.trusted_networks)),
            Cors(options.cors_origins),
            SecurityHeaders(),
            Noting(self.notes, automatic),
            NetworkPolicy(options, self.blocked),
        ]
        self._app: App[Any, Any] = App(middleware=middleware)
        install_problems(self._app)
        for template in ("/", "/{path}"):
            self._app.add_route(template, Everything())

    def get(
        self,
        path: str = "/v1",
        ip: str = CLIENT,
        host: str = "here.example",
        method: str = "GET",
        extras: dict[str, Any] | None = None,
        **headers: str,
    ) -> Result:
        """Call from an address; `_` in the name of a header stands for `-`."""
        return TestClient(self._app).simulate_request(
            method,
            path,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
            extras={"REMOTE_ADDR": ip, "HTTP_HOST": host, **(extras or {})},
        )

    def code(self, path: str = "/v1", **call: Any) -> str:
        """Why a call was refused; empty when it was not."""
        answer = self.get(path, **call)
        return "" if answer.status_code < 400 else str(answer.json["code"])
