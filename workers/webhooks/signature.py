"""Signs deliveries after the Standard Webhooks specification (standardwebhooks.com), scheme v1."""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from countersign.commands.webhook.secrets import BEGINNING

_SCHEME: Final = "v1"


def signed_headers(message_id: UUID, at: datetime, body: bytes, secrets: Iterable[str]) -> Mapping[str, str]:
    """The three fields that let a receiver check who sent this, and when; a signature for each secret."""
    timestamp = str(int(at.timestamp()))
    signed = b".".join((str(message_id).encode(), timestamp.encode(), body))
    return {
        "webhook-id": str(message_id),
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(signed, secret) for secret in secrets),
    }


def _signature(signed: bytes, secret: str) -> str:
    key = b64decode(secret.removeprefix(BEGINNING))
    return f"{_SCHEME},{b64encode(hmac.digest(key, signed, 'sha256')).decode()}"
