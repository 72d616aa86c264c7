"""What is known of sessions: in this process, and where there is one in a cache that processes share.

Nothing that a cache says is believed before the log was asked whether it still holds, so that losing a cache
costs work and nothing else.
"""

from __future__ import annotations

import hmac
from typing import Final, Protocol
from uuid import UUID

import msgspec

from countersign.http.recent import Recent
from countersign.http.session_cache.known_session import KnownSession

_KEPT: Final = 10_000
_MAC: Final = 32


class SharedCache(Protocol):
    """Keeps entries for all processes, as long as it likes."""

    def get(self, session: UUID) -> bytes | None:
        """An entry; None when it is not there, or the cache is away."""

    def put(self, session: UUID, entry: bytes, lifetime_s: int) -> None:
        """Keep an entry, which is of no use after its lifetime."""


class NoSharedCache:
    """Each process knows what it has looked up itself."""

    def get(self, _session: UUID) -> bytes | None:
        """Nothing is kept."""
        return None

    def put(self, _session: UUID, _entry: bytes, _lifetime_s: int) -> None:
        """Nothing is kept."""


class SessionCache:
    """Entries are sealed under `key`: whoever can write into the shared cache cannot make up a role."""

    def __init__(self, shared: SharedCache, key: bytes) -> None:
        self._shared = shared
        self._key = key
        self._held: Recent[UUID, KnownSession] = Recent(_KEPT)

    def get(self, session: UUID) -> KnownSession | None:
        """What was known of a session when it was looked up last."""
        if known := self._held.get(session):
            return known
        entry = self._shared.get(session)
        return None if entry is None else self._opened(session, entry)

    def put(self, known: KnownSession) -> None:
        """Keep what was looked up."""
        self._held.put(known.session, known)
        body = msgspec.json.encode(known)
        self._shared.put(known.session, self._mac(known.session, body) + body, known.lifetime_s)

    def _opened(self, session: UUID, entry: bytes) -> KnownSession | None:
        mac, body = entry[:_MAC], entry[_MAC:]
        if not hmac.compare_digest(mac, self._mac(session, body)):
            return None
        try:
            known = msgspec.json.decode(body, type=KnownSession)
        except msgspec.DecodeError:  # of another version of this service
            return None
        self._held.put(session, known)
        return known

    def _mac(self, session: UUID, body: bytes) -> bytes:
        return hmac.digest(self._key, session.bytes + body, "sha256")
