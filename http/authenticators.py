"""The ways in which a request can say who calls, tried one after the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Protocol

from falcon import Request

from countersign.http.problems import Refusal
from countersign.http.services import Services
from countersign.http.tokens import AccessTokens, Claims

_BEARER: Final = re.compile(r"Bearer +([A-Za-z0-9._~+/-]+=*)", re.IGNORECASE)


class Authenticator(Protocol):
    """Reads one kind of credential."""

    def authenticate(self, req: Request) -> Claims | None:
        """Who calls; None when the request does not carry this kind of credential.

        Raises:
            Refusal: 401, it carries one that lets nobody in.
        """


def authenticators(services: Services) -> Sequence[Authenticator]:
    """Every way in; the first whose credential is in the request decides."""
    return (BearerTokens(services.access_tokens, services.clock),)


class BearerTokens:
    """Access tokens in the Authorization header (RFC 6750)."""

    def __init__(self, tokens: AccessTokens, clock: Callable[[], datetime]) -> None:
        self._tokens = tokens
        self._clock = clock

    def authenticate(self, req: Request) -> Claims | None:
        """See `Authenticator`; whatever stands in the header must be an access token."""
        bearer = bearer_of(req)
        return None if bearer is None else self._tokens.verify(bearer, self._clock())


def bearer_of(req: Request) -> str | None:
    """What stands after `Bearer`; None without an Authorization header.

    Raises:
        Refusal: 401, the header is of another form.
    """
    credentials = req.get_header("Authorization")
    if credentials is None:
        return None
    bearer = _BEARER.fullmatch(credentials.strip())
    if bearer is None:
        raise Refusal(
            401,
            "invalid_token",
            "the Authorization header is not `Bearer` and an access token",
            headers={"WWW-Authenticate": 'Bearer error="invalid_request"'},
        )
    return bearer[1]
