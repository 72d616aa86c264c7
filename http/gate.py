"""Who calls, and how fresh what they read must be: asked before any resource."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from falcon import Request, Response

from countersign.aggregates.account_refusals import CHOOSE_YOUR_OWN, PasswordChangeRequired
from countersign.aggregates.permissions import permitted
from countersign.aggregates.session import SecondFactorEnrolmentRequired
from countersign.commands.permit import NotPermitted
from countersign.eventstore.log import Log
from countersign.http.authenticators import Authenticator
from countersign.http.endpoints import Endpoint, endpoint_of
from countersign.http.positions import min_position, no_position
from countersign.http.problems import Refusal
from countersign.http.sessions import Sessions
from countersign.http.staleness import tell_stale_keys
from countersign.http.tokens import Claims
from countersign.http.waiting_room import WaitingRoom
from countersign.projections.following.freshness import Freshness
from countersign.projections.letters.stale_keys import Reached

_STANDING_S: Final = 0.03
"""So long waits who finds no seat: most positions are reached sooner."""


class Gate:
    """Middleware: lets in who may ask, and waits until what they may read has come far enough.

    A command is only asked for its credential here, and whether that is the newest of its session: its
    handler checks account and session under the lock.
    """

    def __init__(
        self,
        authenticators: Sequence[Authenticator],
        sessions: Sessions,
        log: Log,
        freshness: Freshness,
        clock: Callable[[], datetime],
        room: WaitingRoom,
        wait_max_s: float,
    ) -> None:
        self._authenticators = authenticators
        self._sessions = sessions
        self._log = log
        self._freshness = freshness
        self._clock = clock
        self._room = room
        self._wait_max_s = wait_max_s

    def process_request(self, req: Request, _resp: Response) -> None:
        """Refuse what a WSGI server cannot hand over: a body without a length would be read as none.

        Raises:
            Refusal: 411.
        """
        req.context.claims = None
        if req.get_header("Transfer-Encoding"):
            raise Refusal(411, "length_required", "send the body with a Content-Length, not chunked")

    def process_resource(
        self, req: Request, resp: Response, resource: object, _params: Mapping[str, Any]
    ) -> None:
        """Let a request through to its resource.

        Raises:
            Refusal, DomainError: 401 or 403, or 503 when what is asked for cannot be read yet.
        """
        endpoint = endpoint_of(resource, req.method)
        if endpoint is None or endpoint.public:
            return
        req.context.claims = self._authenticated(req)
        if not endpoint.is_command:
            req.context.claims = self._admitted(endpoint, req.context.claims)
            req.context.ask_again = lambda: self._admitted(endpoint, self._authenticated(req))
        elif not endpoint.renewing:
            self._sessions.require_newest(req.context.claims)
        if endpoint.reads is not None:
            reached = self._fresh(req, endpoint.reads)
            resp.set_header("As-Of-Position", str(reached.position))
            tell_stale_keys(req, resp, reached.stale)

    def _authenticated(self, req: Request) -> Claims:
        for authenticator in self._authenticators:
            if claims := authenticator.authenticate(req):
                return claims
        raise Refusal(
            401,
            "authentication_required",
            "sign in at POST /v1/auth/login, then send the access token as Authorization: Bearer",
            headers={"WWW-Authenticate": "Bearer"},
        )

    def _admitted(self, endpoint: Endpoint, told: Claims) -> Claims:
        claims = self._sessions.current(told, self._clock())
        if claims.first_password and not endpoint.enrolling:
            raise PasswordChangeRequired(CHOOSE_YOUR_OWN)
        if claims.enrolment_only and not endpoint.enrolling:
            raise SecondFactorEnrolmentRequired("your role asks for a second factor: enrol one, then go on")
        action = endpoint.action
        if action is not None and not permitted(claims.role, action, scopes=claims.scopes):
            raise NotPermitted(f"your role ({claims.role}) or scopes do not allow {action}")
        return claims

    def _fresh(self, req: Request, reads: tuple[str, ...]) -> Reached:
        wanted = min_position(req)
        if wanted:
            _require_recorded(wanted, self._head(req))
        if wanted and reads:
            with self._room.seat() as seated:
                self._freshness.wait_for(wanted, self._wait_max_s if seated else _STANDING_S, *reads)
        reached = self._freshness.reached(*reads) if reads else Reached(self._head(req))
        if reached.position < wanted:
            raise Refusal(
                503,
                "position_not_reached",
                f"position {wanted} cannot be read yet, only {reached.position}: try again",
                headers={"Retry-After": "1"},
            )
        return reached

    def _head(self, req: Request) -> int:
        return req.context.claims.as_of or self._log.head()  # who is let in by a session was asked of the log


def _require_recorded(wanted: int, head: int) -> None:
    if wanted > head:
        raise no_position(f"the log has reached {head}, so nobody was told the position {wanted}")
