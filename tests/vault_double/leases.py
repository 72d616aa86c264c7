"""What is lent for a time: https://developer.hashicorp.com/vault/api-docs/system/leases.

A renewal extends a lease by what was asked for or by its first time, counted from now, but never beyond its
maximum; one that is over, revoked or unknown is not found. A lease ends with the token that it was made with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from uuid import uuid4

from tests.vault_double.refusal import Refused


@dataclass
class Lease:
    id: str
    accessor: str
    ttl_s: float
    issued_at: float
    ends_at: float
    last_end: float
    renewable: bool
    on_renew: Callable[[float], None]
    on_end: Callable[[], None]


@dataclass
class Leases:
    now: Callable[[], float]
    held: dict[str, Lease] = field(default_factory=dict)

    def lend(
        self,
        path: str,
        accessor: str,
        *,
        ttl_s: float,
        max_ttl_s: float = inf,
        renewable: bool = True,
        on_renew: Callable[[float], None] = lambda _ends_at: None,
        on_end: Callable[[], None] = lambda: None,
    ) -> Lease:
        now = self.now()
        lease_id = f"{path}/{uuid4().hex[:24]}"
        ends_at, last_end = now + min(ttl_s, max_ttl_s), now + max_ttl_s
        lease = Lease(lease_id, accessor, ttl_s, now, ends_at, last_end, renewable, on_renew, on_end)
        self.held[lease.id] = lease
        return lease

    def renew(self, lease_id: str, increment_s: float) -> Lease:
        lease = self.held.get(lease_id)
        if lease is None:
            raise Refused(400, "lease not found")
        if not lease.renewable:
            raise Refused(400, "lease is not renewable")
        lease.ends_at = min(self.now() + (increment_s or lease.ttl_s), lease.last_end)
        lease.on_renew(lease.ends_at)
        return lease

    def revoke(self, lease_id: str) -> None:
        lease = self.held.pop(lease_id, None)
        if lease is not None:
            lease.on_end()

    def revoke_of(self, accessor: str) -> None:
        for lease in [each for each in self.held.values() if each.accessor == accessor]:
            self.revoke(lease.id)

    def expire(self) -> None:
        for lease in [each for each in self.held.values() if each.ends_at <= self.now()]:
            self.revoke(lease.id)

    def seconds_left(self, lease: Lease) -> int:
        return round(lease.ends_at - self.now())
