"""What a browser holds instead of tokens: an id, and a word against forged requests."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

_SESSION, _PROVED, _MAC = 16, 8, 32
_LENGTH: Final = _SESSION + _PROVED + _MAC
_WRITTEN: Final = (_LENGTH * 4 + 2) // 3  # base64 without padding
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
        return _text(claim + self._mac(b"cookie", claim))

    def read(self, cookie_id: str) -> CookieClaim | None:
        """What an id says; None when this service did not make it."""
        raw = _decoded(cookie_id)
        if raw is None or not hmac.compare_digest(raw[-_MAC:], self._mac(b"cookie", raw[:-_MAC])):
            return None
        return CookieClaim(UUID(bytes=raw[:_SESSION]), int.from_bytes(raw[_SESSION:-_MAC]))

    def csrf_token(self, cookie_id: str) -> str:
        """What a page has to send besides the cookie: another site can neither read nor compute it."""
        return _text(self._mac(b"csrf", cookie_id.encode()))

    def is_csrf_token(self, given: str, cookie_id: str) -> bool:
        """Whether it is the one that belongs to the id."""
        return hmac.compare_digest(given.encode(), self.csrf_token(cookie_id).encode())

    def _mac(self, purpose: bytes, claim: bytes) -> bytes:
        return hmac.digest(self._key, purpose + b"\0" + claim, "sha256")


def _microseconds(moment: datetime | None) -> int:
    return 0 if moment is None else (moment - _EPOCH) // timedelta(microseconds=1)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(text: str) -> bytes | None:
    if len(text) != _WRITTEN or not text.isascii():
        return None
    try:
        raw = urlsafe_b64decode(text + "=" * (-_WRITTEN % 4))
    except ValueError:
        return None
    return raw if len(raw) == _LENGTH and _text(raw) == text else None  # one spelling for one id
