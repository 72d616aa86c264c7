"""Refresh tokens: shown to go on with a session, made from the session's id and a key alone."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from countersign.aggregates.root import DomainError

_SESSION, _ROTATION, _MAC = 16, 4, 32
_LENGTH: Final = _SESSION + _ROTATION + _MAC
_WRITTEN: Final = (_LENGTH * 4 + 2) // 3  # base64 without padding


class InvalidRefreshToken(DomainError):
    """The token was not made by this service, or not for this session."""

    code = "invalid_refresh_token"
    status = 401


@dataclass(frozen=True, slots=True)
class RefreshClaim:
    """What a genuine token says: the session, and which of its tokens this is."""

    session: UUID
    rotation: int


class RefreshTokens:
    """Makes and reads refresh tokens. Nothing is stored, so a repeated command can give its answer again."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def issue(self, session: UUID, rotation: int = 1) -> str:
        """The token of a session at a rotation; a new session is at 1."""
        claim = session.bytes + rotation.to_bytes(_ROTATION)
        return urlsafe_b64encode(claim + self._mac(claim)).rstrip(b"=").decode()

    def after(self, token: str) -> str:
        """The token that follows the one that was accepted.

        Raises:
            InvalidRefreshToken: it is not a genuine one.
        """
        claim = self.read(token)
        return self.issue(claim.session, claim.rotation + 1)

    def read(self, token: str) -> RefreshClaim:
        """What a token says. Whether it is the newest one, the session knows.

        Raises:
            InvalidRefreshToken: it is not a genuine one.
        """
        raw = _decoded(token)
        claim, mac = raw[:-_MAC], raw[-_MAC:]
        if not hmac.compare_digest(mac, self._mac(claim)):
            raise _invalid()
        return RefreshClaim(UUID(bytes=claim[:_SESSION]), int.from_bytes(claim[_SESSION:]))

    def _mac(self, claim: bytes) -> bytes:
        return hmac.digest(self._key, b"refresh" + claim, "sha256")


def _decoded(token: str) -> bytes:
    if len(token) != _WRITTEN or not token.isascii():
        raise _invalid()
    try:
        raw = urlsafe_b64decode(token + "=" * (-_WRITTEN % 4))
    except ValueError:
        raise _invalid() from None
    if urlsafe_b64encode(raw).rstrip(b"=").decode() != token:  # one spelling for one token
        raise _invalid()
    return raw


def _invalid() -> InvalidRefreshToken:
    return InvalidRefreshToken("this refresh token is not valid: sign in again")
