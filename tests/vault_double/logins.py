"""Log-ins: https://developer.hashicorp.com/vault/api-docs/auth/approle and .../auth/kubernetes.

A wrong role, a wrong secret and a secret that was used as often as it may be are all answered alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests.vault_double.refusal import Refused, denied
from tests.vault_double.tokens import Token, Tokens


@dataclass
class Role:
    ttl_s: float
    max_ttl_s: float
    renewable: bool
    uses_left: dict[str, int | None]


@dataclass
class AppRole:
    tokens: Tokens
    roles: dict[str, Role] = field(default_factory=dict)

    def add(
        self, *, ttl_s: float = 3600, max_ttl_s: float = 0, renewable: bool = True, uses: int | None = None
    ) -> tuple[str, str]:
        """A role's id and a secret id for it."""
        role_id, secret_id = str(uuid4()), str(uuid4())
        self.roles[role_id] = Role(ttl_s, max_ttl_s, renewable, {secret_id: uses})
        return role_id, secret_id

    def log_in(self, form: Mapping[str, Any]) -> Token:
        role = self.roles.get(str(form.get("role_id")))
        secret_id = str(form.get("secret_id"))
        if role is None or secret_id not in role.uses_left:
            raise Refused(400, "invalid role or secret ID")
        uses = role.uses_left[secret_id]
        if uses is not None:
            role.uses_left[secret_id] = uses - 1
            if uses == 1:
                del role.uses_left[secret_id]
        return self.tokens.make(ttl_s=role.ttl_s, max_ttl_s=role.max_ttl_s, renewable=role.renewable)


@dataclass
class Kubernetes:
    tokens: Tokens
    service_accounts: dict[str, str] = field(default_factory=dict)

    def log_in(self, form: Mapping[str, Any]) -> Token:
        role = str(form.get("role"))
        if role not in self.service_accounts:
            raise Refused(400, f'invalid role name "{role}"')
        if self.service_accounts[role] != form.get("jwt"):
            raise denied()
        return self.tokens.make(ttl_s=3600)
