"""What a browser holds instead of tokens: an id, and a word against forged requests."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from countersign.commands.token_text import token_bytes, token_text

_SESSION, _PROVED, _MAC = 16, 8, 32
_LENGTH: Final = _SESSION + _PROVED + _MAC
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CookieClaim:
    """What a genuine id says: the session, and when the person last proved who they are (0: at log-in)."""

    session: UUID
    proved_us: int

    def is_of(self, reauthenticated_at: datetime | None) -> bool:
        """Whether this is the id that the session has now: each proof of identity gives it a new one."""
        return self.proved_us == _microseconds(reauthenticated_at)


class CookieIds:
    """Makes and reads the ids. Nothing is stored: the log and a key are enough to know one again."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def issue(self, session: UUID, reauthenticated_at: datetime | None = None) -> str:
        """The id of a session since the last proof of identity."""
        claim = session.bytes + _microseconds(reauthenticated_at).to_bytes(_PROVED)
        return token_text(claim + self._mac(b"cookie", claim))

    def read(self, cookie_id: str) -> CookieClaim | None:
        """What an id says; None when this service did not make it."""
        raw = token_bytes(cookie_id, _LENGTH)
        if raw is None or not hmac.compare_digest(raw[-_MAC:], self._mac(b"cookie", raw[:-_MAC])):
            return None
        return CookieClaim(UUID(bytes=raw[:_SESSION]), int.from_bytes(raw[_SESSION:-_MAC]))

    def csrf_token(self, cookie_id: str) -> str:
        """What a page has to send besides the cookie: another site can neither read nor compute it."""
        return token_text(self._mac(b"csrf", cookie_id.encode()))

    def is_csrf_token(self, given: str, cookie_id: str) -> bool:
        """Whether it is the one that belongs to the id."""
        return hmac.compare_digest(given.encode(), self.csrf_token(cookie_id).encode())

    def _mac(self, purpose: bytes, claim: bytes) -> bytes:
        return hmac.digest(self._key, purpose + b"\0" + claim, "sha256")


def _microseconds(moment: datetime | None) -> int:
    return 0 if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)
