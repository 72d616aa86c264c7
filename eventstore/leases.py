"""Roles that one process of all holds at a time, by a row with an end and a fence.

Not by a lock of the session: a frozen process must lose its role, and a pooler must not break it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, astuple, dataclass

from sqlalchemy import Connection, TextClause, bindparam, text

from countersign.eventstore.databases import Database

_NOW = {
    "sqlite": "(julianday('now') - 2440587.5) * 86400.0",
    "postgresql": "extract(epoch FROM clock_timestamp())",
}
_TAKE = """
    INSERT INTO leases (role, holder, fence, expires_at) VALUES (:role, :holder, 1, $now + :ttl_s)
    ON CONFLICT (role) DO UPDATE
    SET holder = excluded.holder, fence = leases.fence + 1, expires_at = excluded.expires_at
    WHERE leases.expires_at <= $now"""
_FENCE = "SELECT fence FROM leases WHERE role = :role"
_PROLONG = """
    UPDATE leases SET expires_at = $now + :ttl_s
    WHERE role = :role AND holder = :holder AND fence = :fence"""
_PROLONG_ALL = """
    UPDATE leases SET expires_at = $now + :ttl_s WHERE (role, holder, fence) IN :held RETURNING role"""
_GIVE_UP = "UPDATE leases SET expires_at = 0 WHERE role = :role AND holder = :holder AND fence = :fence"
_FORGET = "DELETE FROM leases WHERE role = :role"
_HOLDER = "SELECT holder FROM leases WHERE role = :role AND expires_at > $now"
_HOLDERS = "SELECT role, holder FROM leases WHERE role LIKE :prefix AND expires_at > $now"


@dataclass(frozen=True, slots=True)
class Lease:
    """A role taken. The fence grows with each holder: what an earlier one still writes can be refused."""

    role: str
    holder: str
    fence: int


class LeaseLost(RuntimeError):
    """Another process has taken the role."""


class Leases:
    """The roles of one service, kept beside its read tables."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def acquire(self, role: str, holder: str, ttl_s: float) -> Lease | None:
        """Take a role that nobody holds; None while somebody does."""
        with self._database.write() as connection:
            taken = connection.execute(self._sql(_TAKE), {"role": role, "holder": holder, "ttl_s": ttl_s})
            if not taken.rowcount:
                return None
            return Lease(role, holder, connection.execute(text(_FENCE), {"role": role}).scalar_one())

    def renew(self, lease: Lease, ttl_s: float) -> bool:
        """Hold the role longer; False when another has taken it."""
        with self._database.write() as connection:
            return bool(connection.execute(self._sql(_PROLONG), {**asdict(lease), "ttl_s": ttl_s}).rowcount)

    def renew_all(self, held: Collection[Lease], ttl_s: float) -> frozenset[str]:
        """Hold several roles longer, in one statement; those of them that are still held.

        Not synced: what a crash of the server takes back only ends sooner.
        """
        if not held:
            return frozenset()
        prolong = self._sql(_PROLONG_ALL).bindparams(bindparam("held", expanding=True))
        with self._database.write(synced=False) as connection:
            renewed = connection.execute(prolong, {"held": [astuple(one) for one in held], "ttl_s": ttl_s})
            return frozenset(renewed.scalars())

    def release(self, lease: Lease) -> None:
        """Let another take the role at once."""
        with self._database.write() as connection:
            connection.execute(text(_GIVE_UP), asdict(lease))

    def holder_of(self, role: str) -> str | None:
        """Who holds the role now."""
        with self._database.read() as connection:
            holder: str | None = connection.execute(self._sql(_HOLDER), {"role": role}).scalar()
            return holder

    def holders(self, prefix: str) -> dict[str, str]:
        """Who holds each role that begins so and is held now."""
        with self._database.read() as connection:
            held = connection.execute(self._sql(_HOLDERS), {"prefix": f"{prefix}%"})
            return {str(row.role): row.holder for row in held}

    def confirm(self, connection: Connection, lease: Lease) -> None:
        """Make a transaction on the same database hold only if the role has not changed hands by its end.

        Raises:
            LeaseLost: it has already.
        """
        until_the_end = " FOR SHARE" if self._database.dialect == "postgresql" else ""
        fence = connection.execute(text(_FENCE + until_the_end), {"role": lease.role}).scalar()
        if fence != lease.fence:
            raise LeaseLost(f"{lease.holder} no longer holds {lease.role}")

    def forget(self, connection: Connection, roles: Collection[str]) -> None:
        """Delete roles that there are no more, in a transaction on the same database."""
        for role in roles:
            connection.execute(text(_FORGET), {"role": role})

    def _sql(self, template: str) -> TextClause:
        return text(template.replace("$now", _NOW[self._database.dialect]))
