"""So many requests an hour and no more, told with every answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from falcon import Request, Response

from countersign.http.edge.network_policy import ALIVE, is_own_probe
from countersign.http.problems import Refusal, write_problem
from countersign.http.rate_limits.counters import Counters
from countersign.http.rate_limits.plans import Plans
from countersign.http.rate_limits.quota import Standing


class RateLimits:
    """Middleware, behind the gate: who may come in is counted there, who may not when they are answered.

    So a guess at a token counts against the network that it came from, and a thousand of them end in 429.
    What is refused at the door is not counted, nor is `/livez`, nor OPTIONS.
    """

    def __init__(self, plans: Plans, counters: Counters) -> None:
        self._plans = plans
        self._counters = counters

    def process_resource(
        self, req: Request, _resp: Response, _resource: object, _params: Mapping[str, Any]
    ) -> None:
        """Count whoever the gate let through.

        Raises:
            Refusal: 429.
        """
        self._count(req)
        if (spent := _spent(req.context.standings)) is not None:
            raise Refusal(429, "rate_limited", _advice(spent), headers={"Retry-After": str(spent.wait_s)})

    def process_response(self, req: Request, resp: Response, _resource: object, _succeeded: bool) -> None:
        """Count whoever has not been counted, and tell everybody where they stand."""
        if not hasattr(req.context, "standings"):
            self._count(req)
            if (spent := _spent(req.context.standings)) is not None:
                write_problem(req, resp, 429, "rate_limited", _advice(spent))
                resp.set_header("Retry-After", str(spent.wait_s))
        _tell(resp, req.context.standings)

    def _count(self, req: Request) -> None:
        req.context.standings = standings = []
        if _is_free(req):
            return
        for quota, caller in self._plans.counted(req):
            standing = self._counters.hit(quota, caller)
            standings.append(standing)
            if not standing.allowed:
                return


def _is_free(req: Request) -> bool:
    context = req.context
    return (
        req.method == "OPTIONS"
        or req.path == ALIVE
        or getattr(context, "at_the_door", True)
        or is_own_probe(req, context.peer)
    )


def _spent(standings: Sequence[Standing]) -> Standing | None:
    return next((standing for standing in standings if not standing.allowed), None)


def _advice(spent: Standing) -> str:
    quota = spent.quota
    return f"{quota.limit} requests in {quota.window_s} s ({quota.name}) are used up: wait {spent.wait_s} s"


def _tell(resp: Response, standings: Sequence[Standing]) -> None:
    """The fields of draft-ietf-httpapi-ratelimit-headers, revision 08 and later (structured fields)."""
    if not standings:
        return
    policies = (f'"{each.quota.name}";q={each.quota.limit};w={each.quota.window_s}' for each in standings)
    left = (f'"{each.quota.name}";r={each.remaining};t={each.wait_s}' for each in standings)
    resp.set_header("RateLimit-Policy", ", ".join(policies))
    resp.set_header("RateLimit", ", ".join(left))
