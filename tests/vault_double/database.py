"""The database engine: https://developer.hashicorp.com/vault/api-docs/secret/databases and .../postgresql.

It makes real roles in a real PostgreSQL, with a password and an end, and drops them with their leases. As
strict as an operator may be: whoever is still connected as such a role is thrown out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

import psycopg2

from tests.vault_double.leases import Lease, Leases
from tests.vault_double.refusal import Refused

# Objects belong to the group, so that the role can be dropped though it made some.
_CREATE = """
    CREATE ROLE "{name}" LOGIN PASSWORD '{password}' VALID UNTIL '{expiration}' IN ROLE "{group}";
    ALTER ROLE "{name}" SET ROLE "{group}";"""
_RENEW = "ALTER ROLE \"{name}\" VALID UNTIL '{expiration}'"
_REVOKE = """
    ALTER ROLE "{name}" NOLOGIN;
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{name}';
    DROP ROLE "{name}";"""


@dataclass
class Role:
    ttl_s: float
    max_ttl_s: float
    group: str


@dataclass
class DatabaseEngine:
    leases: Leases
    wall: Callable[[float], str]
    url: str = ""
    roles: dict[str, Role] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    def credentials(self, role_name: str, accessor: str) -> tuple[Lease, dict[str, str]]:
        role = self.roles.get(role_name)
        if role is None:
            raise Refused(400, f"unknown role: {role_name}")
        name, password = f"v-{role_name}-{uuid4().hex[:20]}", uuid4().hex
        lease = self.leases.lend(
            f"database/creds/{role_name}",
            accessor,
            ttl_s=role.ttl_s,
            max_ttl_s=role.max_ttl_s,
            on_renew=lambda ends_at: self._run(_RENEW, name=name, expiration=self.wall(ends_at)),
            on_end=lambda: self._drop(name),
        )
        expiration = self.wall(lease.ends_at)
        self._run(_CREATE, name=name, password=password, expiration=expiration, group=role.group)
        self.made.append(name)
        return lease, {"username": name, "password": password}

    def _drop(self, name: str) -> None:
        self._run(_REVOKE, name=name)
        self.dropped.append(name)

    def _run(self, statements: str, **names: str) -> None:
        if not self.url:
            return
        connection = psycopg2.connect(self.url)
        connection.autocommit = True
        try:
            connection.cursor().execute(statements.format(**names))
        finally:
            connection.close()
