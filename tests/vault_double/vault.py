"""A double of a Vault server, after the pages that its modules name and
https://developer.hashicorp.com/vault/api-docs (statuses, headers), .../system/health, .../system/seal-status.

Its switches make it fail as a real one may; its clock may be one that a test turns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import RLock
from time import monotonic, sleep
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from tests.vault_double.database import DatabaseEngine
from tests.vault_double.kv import KeyValues
from tests.vault_double.leases import Leases
from tests.vault_double.logins import AppRole, Kubernetes
from tests.vault_double.refusal import Refused, denied
from tests.vault_double.tokens import Token, Tokens
from tests.vault_double.transit import Transit

Answer = tuple[int, Mapping[str, Any] | None]


@dataclass(frozen=True)
class Call:
    """A request as it came in."""

    method: str
    path: str
    token: str = ""
    namespace: str = ""
    form: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Switches:
    """How Vault fails; `skew_s` is how wrong its clock is, `garbage` what it answers instead of JSON."""

    sealed: bool = False
    standby: bool = False
    initialised: bool = True
    slow_s: float = 0.0
    cut: bool = False
    status: int = 0
    garbage: bytes | None = None
    denied: tuple[str, ...] = ()
    redirect: str = ""
    skew_s: float = 0.0


class Vault:
    """What the server knows; one request at a time."""

    def __init__(
        self, now: Callable[[], float] = monotonic, database_url: str = "", namespace: str = ""
    ) -> None:
        self.now = now
        self.namespace = namespace
        self.switches = Switches()
        self.calls: list[Call] = []
        self.lock = RLock()
        self._began, self._began_wall = now(), datetime.now(UTC)
        self.leases = Leases(now)
        self.tokens = Tokens(now, self.wall, self.leases)
        self.approle, self.kubernetes = AppRole(self.tokens), Kubernetes(self.tokens)
        self.kv = KeyValues(lambda: self.wall(now()))
        self.transit = Transit()
        self.database = DatabaseEngine(self.leases, self.wall, database_url)

    def wall(self, at: float) -> str:
        """A time of its clock as it writes it into an answer or a database."""
        moment = self._began_wall + timedelta(seconds=at - self._began + self.switches.skew_s)
        return moment.isoformat()

    def paths(self) -> list[str]:
        """What was asked for, without the looks at its health."""
        return [call.path for call in self.calls if call.path != "sys/health"]

    def expire(self) -> None:
        """Take back what is over; a sealed Vault cannot."""
        with self.lock:
            if not self.switches.sealed:
                self.leases.expire()
                self.tokens.expire()

    def answer(self, call: Call) -> Answer:
        """The status and the body of an answer, None for one without."""
        sleep(self.switches.slow_s)
        with self.lock:
            self.calls.append(call)
            self.expire()
            try:
                return self._answered(call)
            except Refused as refused:
                return refused.status, refused.body

    def _answered(self, call: Call) -> Answer:
        if self.switches.status:
            raise Refused(self.switches.status, "an error that the switch asks for")
        if call.path == "sys/health":
            return self._health()
        if call.path == "sys/seal-status":
            return 200, self._seal_status()
        self._require_open(call)
        logins: dict[str, Any] = {
            "auth/approle/login": self.approle,
            "auth/kubernetes/login": self.kubernetes,
        }
        if call.path in logins:
            return 200, whole(auth=self.tokens.auth(logins[call.path].log_in(call.form)))
        token = self.tokens.known(call.token)
        if any(call.path.startswith(prefix) for prefix in self.switches.denied):
            raise denied()
        return self._granted(call, token)

    def _require_open(self, call: Call) -> None:
        if not self.switches.initialised:
            raise Refused(501, "Vault is not initialized")
        if self.switches.sealed:
            raise Refused(503, "Vault is sealed")
        if call.namespace.strip("/") != self.namespace.strip("/"):
            raise denied()

    def _granted(self, call: Call, token: Token) -> Answer:
        path = urlsplit(call.path)
        match [call.method, *path.path.split("/")]:
            case [_, "auth", "token", verb]:
                return self._token(verb, token)
            case ["GET", _mount, "data", *place]:
                version = int(parse_qs(path.query).get("version", ["0"])[0])
                return 200, whole(data=self.kv.read("/".join(place), version))
            case ["GET", _mount, "metadata", *place]:
                return 200, whole(data=self.kv.metadata("/".join(place)))
            case ["GET", "database", "creds", role]:
                return self._credentials(role, token)
            case ["POST" | "PUT", "sys", "leases", verb]:
                return self._lease(verb, call.form)
            case ["POST" | "PUT", "transit", verb, key]:
                return 200, whole(data=self._transit(verb, key, call.form))
        raise Refused(404, f"no handler for route {call.path!r}. route entry not found.")

    def _token(self, verb: str, token: Token) -> Answer:
        if verb == "lookup-self":
            return 200, whole(data=self.tokens.lookup(token))
        if verb == "renew-self":
            return 200, whole(auth=self.tokens.renew(token))
        self.tokens.revoke(token.text)
        return 204, None

    def _credentials(self, role: str, token: Token) -> Answer:
        lease, made = self.database.credentials(role, token.accessor)
        left = self.leases.seconds_left(lease)
        return 200, whole(data=made, lease_id=lease.id, lease_duration=left, renewable=lease.renewable)

    def _lease(self, verb: str, form: Mapping[str, Any]) -> Answer:
        lease_id = str(form.get("lease_id"))
        if verb == "revoke":
            self.leases.revoke(lease_id)
            return 204, None
        lease = self.leases.renew(lease_id, float(form.get("increment") or 0))
        left = self.leases.seconds_left(lease)
        return 200, whole(lease_id=lease.id, renewable=True, lease_duration=left)

    def _transit(self, verb: str, key: str, form: Mapping[str, Any]) -> dict[str, Any]:
        if verb == "encrypt":
            return {"ciphertext": self.transit.encrypt(key, form["plaintext"])}
        if verb == "rewrap":
            return {"ciphertext": self.transit.rewrap(key, form["ciphertext"])}
        return {"plaintext": self.transit.decrypt(key, form["ciphertext"])}

    def _health(self) -> Answer:
        switches = self.switches
        status = 503 if switches.sealed else 429 if switches.standby else 200
        if not switches.initialised:
            status = 501
        return status, {
            "initialized": switches.initialised,
            "sealed": switches.sealed,
            "standby": switches.standby,
            "performance_standby": False,
            "replication_performance_mode": "disabled",
            "replication_dr_mode": "disabled",
            "server_time_utc": round(datetime.now(UTC).timestamp() + switches.skew_s),
            "version": "1.21.1",
            "cluster_name": "vault-cluster-double",
            "cluster_id": str(uuid4()),
        }

    def _seal_status(self) -> Mapping[str, Any]:
        return {
            "type": "shamir",
            "initialized": self.switches.initialised,
            "sealed": self.switches.sealed,
            "t": 3,
            "n": 5,
            "progress": 0,
            "nonce": "",
            "version": "1.21.1",
            "migration": False,
            "recovery_seal": False,
            "storage_type": "raft",
        }


def whole(**parts: Any) -> Mapping[str, Any]:
    """An answer with all its members, most of them empty."""
    empty = {"lease_id": "", "renewable": False, "lease_duration": 0, "data": None, "auth": None}
    return {"request_id": str(uuid4()), **empty, "wrap_info": None, "warnings": None, **parts}
