"""How the OpenAPI document says who may call: by a credential in the header, or by a browser's cookie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from spectree.models import InType, SecureType, SecurityScheme, SecuritySchemeData

from countersign.http.browser.cookie import CSRF_HEADER, NAME
from countersign.http.endpoints import Endpoint

_SCHEMES: Final = {
    "bearer": SecuritySchemeData(
        type=SecureType.HTTP,
        scheme="bearer",
        bearer_format="JWT",
        description="The access token of a person who has signed in, or the API key of a program.",
    ),
    "cookie": SecuritySchemeData(
        type=SecureType.API_KEY,
        name=NAME,
        field_in=InType.COOKIE,
        description="What `POST /v1/auth/browser-session` sets.",
    ),
    "csrf": SecuritySchemeData(
        type=SecureType.API_KEY,
        name=CSRF_HEADER,
        field_in=InType.HEADER,
        description="With the cookie, for whatever changes something: what `GET /v1/auth/csrf` gives.",
    ),
}


def security_schemes() -> Sequence[SecurityScheme]:
    """Every way in."""
    return [SecurityScheme(name=name, data=data) for name, data in _SCHEMES.items()]


def security_of(endpoint: Endpoint) -> list[Mapping[str, list[str]]]:
    """The ways in that an endpoint takes; none for everybody's."""
    if endpoint.public:
        return []
    by_cookie: dict[str, list[str]] = {"cookie": []}
    if endpoint.is_command:
        by_cookie["csrf"] = []
    return [{"bearer": []}, by_cookie]
