"""The scopes that there are, and those that one may give away."""

from __future__ import annotations

from falcon import Request, Response

from countersign.aggregates.authority.scopes import SCOPES
from countersign.aggregates.permissions import grantable
from countersign.http.answers import Answer
from countersign.http.endpoints import query


class ScopeAnswer(Answer):
    """A scope, and what it lets an API client do as far as its creator may; `grantable` is the caller's."""

    scope: str
    actions: list[str]
    grantable: bool


class ScopesAnswer(Answer):
    """All scopes."""

    items: list[ScopeAnswer]


class Scopes:
    """`GET /v1/api-clients/scopes`."""

    @query("API clients", reads=None)
    def on_get(self, req: Request, _resp: Response) -> ScopesAnswer:
        """List what an API client can be allowed."""
        claims = req.context.claims
        mine = grantable(claims.role)
        if claims.scopes is not None:
            mine &= claims.scopes
        items = [
            ScopeAnswer(scope=scope, actions=sorted(actions), grantable=scope in mine)
            for scope, actions in SCOPES.items()
        ]
        return ScopesAnswer(items=items)
