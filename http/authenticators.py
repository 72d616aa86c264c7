"""The ways in which a request can say who calls, tried one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from falcon import Request

from countersign.http.api_clients.api_key_calls import ApiKeyCalls
from countersign.http.bearer import bearer_of
from countersign.http.browser.cookie_sessions import CookieSessions
from countersign.http.browser.own_origin import OwnOrigin
from countersign.http.edge.client_certificates import ClientCertificates
from countersign.http.options import Options
from countersign.http.services import Services
from countersign.http.tokens import AccessTokens, Claims


class Authenticator(Protocol):
    """Reads one kind of credential."""

    def authenticate(self, req: Request) -> Claims | None:
        """Who calls; None when the request does not carry this kind of credential.

        Raises:
            Refusal: 401, it carries one that lets nobody in.
        """


def authenticators(services: Services, options: Options) -> Sequence[Authenticator]:
    """Every way in; the first whose credential is in the request decides."""
    return (
        ApiKeyCalls(
            services.api_keys,
            services.aggregates,
            services.clock,
            ClientCertificates(options.edge.client_certificate_header),
        ),
        BearerTokens(services.access_tokens, services.clock),
        CookieSessions(
            services.cookie_ids,
            services.sessions,
            OwnOrigin(options.public_url),
            services.dispatch,
            services.clock,
            options.session_seen_every_s,
        ),
    )


class BearerTokens:
    """Access tokens in the Authorization header (RFC 6750)."""

    def __init__(self, tokens: AccessTokens, clock: Callable[[], datetime]) -> None:
        self._tokens = tokens
        self._clock = clock

    def authenticate(self, req: Request) -> Claims | None:
        """See `Authenticator`; whatever stands in the header must be an access token."""
        bearer = bearer_of(req)
        return None if bearer is None else self._tokens.verify(bearer, self._clock())
