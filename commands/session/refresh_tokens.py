"""Refresh tokens: shown to go on with a session, made from the session's id and a key alone."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from countersign.aggregates.root import DomainError
from countersign.commands.token_text import token_bytes, token_text

_SESSION, _ROTATION, _MAC = 16, 4, 32
_LENGTH: Final = _SESSION + _ROTATION + _MAC


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
        return token_text(claim + self._mac(claim))

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
        raw = token_bytes(token, _LENGTH)
        if raw is None or not hmac.compare_digest(raw[-_MAC:], self._mac(raw[:-_MAC])):
            raise InvalidRefreshToken("this refresh token is not valid: sign in again")
        return RefreshClaim(UUID(bytes=raw[:_SESSION]), int.from_bytes(raw[_SESSION:-_MAC]))

    def _mac(self, claim: bytes) -> bytes:
        return hmac.digest(self._key, b"refresh" + claim, "sha256")
