"""What a request carries in its Authorization header (RFC 6750)."""

from __future__ import annotations

import re
from typing import Final

from falcon import Request

from countersign.http.problems import Refusal

_BEARER: Final = re.compile(r"Bearer +([A-Za-z0-9._~+/-]+=*)", re.IGNORECASE)


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
            "the Authorization header is not `Bearer` and an access token or an API key",
            headers={"WWW-Authenticate": 'Bearer error="invalid_request"'},
        )
    return bearer[1]
