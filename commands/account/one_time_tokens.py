"""Codes that are sent by mail: made from a stream, a nonce and a key, so that none has to be kept."""

from __future__ import annotations

import hmac
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from secrets import token_hex
from typing import Final
from uuid import UUID

from countersign.aggregates.one_time_ticket import Ticket, invalid_one_time_token
from countersign.commands.token_text import token_bytes, token_text

_STREAM, _MAC = 16, 32
_NONCE_BYTES: Final = 16


class TokenPurpose(StrEnum):
    """What a code opens; one that was made for something else opens nothing."""

    REGISTRATION = "registration"
    EMAIL_CHANGE = "email_change"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of a purpose


class OneTimeTokens:
    """Makes codes.

    The event holds the nonce and the code's SHA-256, from which nobody makes it without the key; the worker
    that sends the mail makes it again.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def make(self, purpose: TokenPurpose, stream: UUID, nonce: str) -> str:
        """The code for what waits in a stream."""
        message = f"{purpose}\n{nonce}\n".encode() + stream.bytes
        mac = hmac.digest(self._key, message, "sha256")
        return token_text(stream.bytes + mac)

    def ticket(self, purpose: TokenPurpose, stream: UUID, expires_at: datetime) -> Ticket:
        """What to keep of a new code."""
        nonce = token_hex(_NONCE_BYTES)
        return Ticket(nonce, token_hash(self.make(purpose, stream, nonce)), expires_at)


def token_hash(token: str) -> str:
    """The SHA-256 of a code, as events hold it."""
    return sha256(token.encode()).hexdigest()


def stream_of(token: str) -> UUID:
    """The stream in which a code is awaited; whether it is genuine, the ticket there tells.

    Raises:
        InvalidOneTimeToken: it has another form.
    """
    raw = token_bytes(token, _STREAM + _MAC)
    if raw is None:
        raise invalid_one_time_token()
    return UUID(bytes=raw[:_STREAM])
