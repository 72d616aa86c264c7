"""Tokens: https://developer.hashicorp.com/vault/api-docs/auth/token (lookup, renew, revoke oneself)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from typing import Any
from uuid import uuid4

from tests.vault_double.leases import Leases
from tests.vault_double.refusal import Refused, denied


@dataclass
class Token:
    text: str
    accessor: str
    ttl_s: float
    issued_at: float
    ends_at: float
    last_end: float
    renewable: bool


@dataclass
class Tokens:
    now: Callable[[], float]
    wall: Callable[[float], str]
    leases: Leases
    held: dict[str, Token] = field(default_factory=dict)

    def make(self, *, ttl_s: float = 0, max_ttl_s: float = 0, renewable: bool = True) -> Token:
        """A TTL of 0 is that of a root token: none."""
        now = self.now()
        ends_at, last_end = now + (ttl_s or inf), now + (max_ttl_s or inf)
        text = f"hvs.{uuid4().hex}{uuid4().hex}"
        token = Token(text, uuid4().hex, ttl_s, now, min(ends_at, last_end), last_end, renewable)
        self.held[token.text] = token
        return token

    def known(self, text: str) -> Token:
        token = self.held.get(text)
        if token is None:
            raise denied()
        return token

    def lookup(self, token: Token) -> dict[str, Any]:
        endless = token.ends_at == inf
        return {
            "accessor": token.accessor,
            "creation_time": 1523979354,
            "creation_ttl": round(token.ttl_s),
            "display_name": "approle",
            "entity_id": "",
            "expire_time": None if endless else self.wall(token.ends_at),
            "explicit_max_ttl": 0,
            "id": token.text,
            "issue_time": self.wall(token.issued_at),
            "meta": None,
            "num_uses": 0,
            "orphan": True,
            "path": "auth/approle/login",
            "policies": ["default"],
            "renewable": token.renewable,
            "ttl": 0 if endless else round(token.ends_at - self.now()),
            "type": "service",
        }

    def renew(self, token: Token) -> dict[str, Any]:
        if not token.renewable:
            raise Refused(400, "lease is not renewable")
        token.ends_at = min(self.now() + (token.ttl_s or inf), token.last_end)
        return self.auth(token)

    def auth(self, token: Token) -> dict[str, Any]:
        left = token.ends_at - self.now()
        return {
            "client_token": token.text,
            "accessor": token.accessor,
            "policies": ["default"],
            "token_policies": ["default"],
            "metadata": {},
            "lease_duration": 0 if left == inf else round(left),
            "renewable": token.renewable,
            "entity_id": "",
            "token_type": "service",
            "orphan": True,
            "num_uses": 0,
        }

    def revoke(self, text: str) -> None:
        token = self.held.pop(text, None)
        if token is not None:
            self.leases.revoke_of(token.accessor)

    def expire(self) -> None:
        for token in [each for each in self.held.values() if each.ends_at <= self.now()]:
            self.revoke(token.text)
